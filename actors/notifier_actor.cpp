#include "actors/notifier_actor.hpp"

#include "actors/courier_actor.hpp"
#include "base/log.hpp"

namespace zhiku::actors {

namespace {

constexpr int most_failures = 5;

} // namespace

persistence::settlement
notifier_state::deliver(const persistence::due_effect& due) {
  using verdict = persistence::settlement::verdict;
  try {
    return desk->deliver(due);
  } catch (const std::exception& fault) {
    // An actor whose handler throws is gone, and with it half of all messages.
    log::error("notifier fails", {{"effect", due.id}, {"error", fault.what()}});
    auto how = due.attempts < most_failures ? verdict::retry : verdict::park;
    return {how, due.id, time->now() + backoff(due.attempts),
            "notifier failed"};
  }
}

notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         std::shared_ptr<notice_tools> tools) {
  auto& state = self->state;
  state.time = tools->time;
  state.desk = std::make_unique<notice_desk>(std::move(*tools));
  return {
    [&state](const due_effect_ptr& due) {
      return std::make_shared<persistence::settlement>(state.deliver(*due));
    },
  };
}

} // namespace zhiku::actors
