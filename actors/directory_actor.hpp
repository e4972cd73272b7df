#pragma once
// Finds the actor of a stream, making it when there is none; retires those
// that have been idle; sets aside those that fail again and again.

#include "actors/runtime.hpp"

#include <chrono>
#include <list>
#include <string>
#include <unordered_map>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace zhiku::actors {

struct directory_state {
  static inline const char* name = "directory";

  explicit directory_state(
    directory_actor::stateful_pointer<directory_state> ptr)
      : self(ptr) {
    // nop
  }

  /// The actor of the stream, which counts as used now.
  const entity_actor& activate(const std::string& stream);
  void retire_idle();
  void failed(const std::string& stream, const std::string& failure);

  /// Takes the entities along: a timer may hold one, and would keep the whole
  /// actor system from ending.
  void stop(caf::error reason);

  runtime_ptr rt;
  directory_actor::stateful_pointer<directory_state> self;

private:
  struct resident {
    entity_actor handle;
    domain::instant used;
    std::list<const std::string*>::iterator place; // in order of use
  };

  void retire_oldest();

  std::unordered_map<std::string, resident> residents_;
  std::list<const std::string*> by_use_; // oldest first
  std::unordered_map<std::string, int> failures_;
};

directory_actor::behavior_type
directory(directory_actor::stateful_pointer<directory_state> self,
          runtime_ptr rt);

} // namespace zhiku::actors
