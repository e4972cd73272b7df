#pragma once
// A notice desk as an actor, one thread of its own.

#include "actors/notice_desk.hpp"
#include "actors/runtime.hpp"

#include <memory>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace zhiku::actors {

struct notifier_state {
  static inline const char* name = "notifier";

  /// Never throws.
  persistence::settlement deliver(const persistence::due_effect& due);

  std::unique_ptr<notice_desk> desk;
  std::shared_ptr<const clock> time;
};

/// Spawn detached: it blocks on the platform, the carrier and the database.
notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         std::shared_ptr<notice_tools> tools);

} // namespace zhiku::actors
