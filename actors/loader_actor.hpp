#pragma once
// One loader: reads what was asked for since it last looked, in one round trip.

#include "actors/runtime.hpp"

#include <map>
#include <memory>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

namespace zhiku::actors {

struct loader_state {
  static inline const char* name = "loader";

  explicit loader_state(loader_actor::stateful_pointer<loader_state> ptr)
      : self(ptr) {
    // nop
  }

  caf::result<loaded_ptr> take(std::string stream);
  void flush();
  outcome find_outcome(const order& repeated);
  void set_aside(const std::string& stream, const std::string& failure);

  runtime_ptr rt;
  std::unique_ptr<persistence::store> store;
  std::multimap<std::string, caf::typed_response_promise<loaded_ptr>> waiting;
  bool flush_sent = false;
  loader_actor::stateful_pointer<loader_state> self;

private:
  domain::result<std::vector<persistence::loaded>>
  load_patiently(const std::vector<std::string>& names);
};

/// Spawn detached: it blocks on its store.
loader_actor::behavior_type
loader(loader_actor::stateful_pointer<loader_state> self, runtime_ptr rt,
       std::shared_ptr<std::unique_ptr<persistence::store>> store);

} // namespace zhiku::actors
