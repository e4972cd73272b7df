#pragma once
// One journal writer: takes whatever is waiting, commits it as one
// transaction, answers each asker. It never lingers to fill a batch: while a
// commit runs, the next batch gathers by itself.

#include "actors/runtime.hpp"

#include <deque>
#include <memory>
#include <utility>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace zhiku::actors {

struct journal_state {
  static inline const char* name = "journal";

  explicit journal_state(journal_actor::stateful_pointer<journal_state> ptr)
      : self(ptr) {
    // nop
  }

  caf::result<appended_ptr> take(append_ptr what);
  void flush();

  runtime_ptr rt;
  std::unique_ptr<persistence::store> store;
  std::deque<std::pair<append_ptr, caf::typed_response_promise<appended_ptr>>>
    waiting;
  bool flush_sent = false;
  journal_actor::stateful_pointer<journal_state> self;

private:
  std::vector<persistence::append> next_batch();
  std::vector<persistence::appended>
  commit(const std::vector<persistence::append>& batch);
};

/// Spawn detached: it blocks on its store.
journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self, runtime_ptr rt,
        std::shared_ptr<std::unique_ptr<persistence::store>> store);

} // namespace zhiku::actors
