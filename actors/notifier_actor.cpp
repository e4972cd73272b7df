#include "actors/notifier_actor.hpp"

namespace zhiku::actors {

notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         std::shared_ptr<notice_tools> tools) {
  auto& state = self->state;
  state.desk = std::make_unique<notice_desk>(std::move(*tools));
  return {
    [&state](const due_effect_ptr& due) {
      return std::make_shared<persistence::settlement>(
        state.desk->deliver(*due));
    },
  };
}

} // namespace zhiku::actors
