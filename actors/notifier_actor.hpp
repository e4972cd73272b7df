#pragma once
// Tells people: an in-app message always, a template message where the person
// follows, an SMS where the catalogue says so or the template failed. A second
// delivery of the same effect sends nothing again that had gone out.

#include "actors/notice_catalogue.hpp"
#include "actors/runtime.hpp"
#include "actors/token_keeper.hpp"
#include "persistence/notices.hpp"
#include "sms/carrier.hpp"
#include "wechat/api.hpp"

#include <map>
#include <memory>
#include <string>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace zhiku::actors {

/// What a notifier works with; made by the system, owned by the actor.
struct notifier_tools {
  persistence::notices notices;
  wechat::api platform;
  std::shared_ptr<token_keeper> tokens;
  std::unique_ptr<sms::carrier> carrier;
  std::map<std::string, std::string> templates; ///< event -> template id
  std::string public_base_url;
};

struct notifier_state {
  static inline const char* name = "notifier";

  settlement_ptr deliver(const persistence::due_effect& due);

  runtime_ptr rt;
  std::shared_ptr<notifier_tools> tools;

private:
  using settlement = persistence::settlement;

  settlement send_code(const persistence::due_effect& due);
  settlement notify(const persistence::due_effect& due);
  enum class sent { yes, later, no };
  sent by_template(const persistence::due_effect& due, const notice_kind& kind,
                   const persistence::contact& who);
  sent by_sms(const persistence::due_effect& due, const notice_kind& kind,
              const persistence::contact& who);
  wechat::result<std::string> send(const wechat::template_message& message);

  settlement done(const persistence::due_effect& due) const;
  settlement later(const persistence::due_effect& due, std::string why) const;
  settlement park(const persistence::due_effect& due, std::string why) const;
};

/// Spawn detached: it blocks on the platform, the carrier and the database.
notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self, runtime_ptr rt,
         std::shared_ptr<notifier_tools> tools);

} // namespace zhiku::actors
