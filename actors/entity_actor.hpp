#pragma once
// One actor for every kind of entity. It takes one order at a time:
//
//   order -> load if need be -> decide -> append -> reply with the commit
//
// The state is moved on before the append, so that effects and rows are those
// after the event; when the append fails, the state is thrown away and loaded
// again, and the journal alone says what is true.

#include "actors/runtime.hpp"

#include <deque>
#include <memory>
#include <string>
#include <variant>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace zhiku::actors {

/// An order with whoever waits for its outcome.
struct waiting_order {
  envelope what;
  std::variant<caf::typed_response_promise<outcome>,
               std::shared_ptr<completion>>
    asker;
  int tries = 0;

  void answer(outcome with);
};

struct entity_state {
  static inline const char* name = "entity";

  explicit entity_state(entity_actor::stateful_pointer<entity_state> ptr)
      : self(ptr) {
    // nop
  }

  caf::result<outcome> take(envelope what);
  void take(ticket_ptr what);
  void retire();

  runtime_ptr rt;
  directory_actor directory;
  std::string stream;
  entity_actor::stateful_pointer<entity_state> self;

private:
  void enqueue(waiting_order order);
  void work();
  void load();
  void restore(const persistence::loaded& stored);
  void decide();
  void finish_unless_repeated(outcome with);
  void commit(domain::decision made, domain::instant now);
  append_ptr evolve_into_append(domain::decision& made, domain::instant now,
                                std::int64_t& earliest_due);
  void committed(const persistence::appended& how, outcome with,
                 std::int64_t earliest_due);
  void not_committed(const persistence::appended& how);
  void finish(outcome with);
  void fail(const std::string& what);
  void fail_all(domain::errc code);

  std::unique_ptr<domain::entity> entity_; // null: not loaded
  std::int32_t version_ = 0;
  std::string chain_;
  std::string standing_; // the state name last written down
  std::deque<waiting_order> queue_;
  bool busy_ = false;
  bool retiring_ = false;
  bool aside_ = false;
};

entity_actor::behavior_type
entity(entity_actor::stateful_pointer<entity_state> self, runtime_ptr rt,
       directory_actor directory, std::string stream);

} // namespace zhiku::actors
