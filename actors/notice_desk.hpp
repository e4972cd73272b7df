#pragma once
// Tells people: carries out what domain/notice decides, over WeChat and SMS,
// and writes down each step before and after. Blocking; one thread each. No CAF
// here, so that tests drive it through hours in milliseconds.

#include "actors/call_ledger.hpp"
#include "actors/channel_health.hpp"
#include "actors/gateway.hpp"
#include "actors/token_keeper.hpp"
#include "domain/notice/delivery.hpp"
#include "persistence/notices.hpp"
#include "persistence/store.hpp"
#include "sms/carrier.hpp"
#include "wechat/api.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace zhiku::actors {

/// What all notice desks of a process share. Immutable.
struct notice_rules {
  domain::notice::catalogue kinds;
  domain::notice::limits within;
  std::map<std::string, std::string> templates;     ///< event -> template id
  std::map<std::string, std::string> subscriptions; ///< the same for notices
  std::set<std::string> sms_templates;              ///< events that have one
  std::string public_base_url;
  domain::seconds sms_code_ttl{300};
};

/// What one desk works with; it owns what is not shared.
struct notice_tools {
  std::shared_ptr<const notice_rules> rules;
  std::shared_ptr<const clock> time;
  std::shared_ptr<token_keeper> tokens;
  std::shared_ptr<channel_health> channel;
  std::shared_ptr<call_ledger> ledger;
  persistence::notices notices;
  wechat::api platform;
  std::unique_ptr<sms::carrier> carrier;
  /// Brings an entity news without waiting for it; may be empty.
  std::function<void(order)> tell;
};

class notice_desk {
public:
  explicit notice_desk(notice_tools tools);

  /// Takes the notification or code as far as it goes now.
  persistence::settlement deliver(const persistence::due_effect& due);

private:
  using settlement = persistence::settlement;

  /// A notification in hand.
  struct task {
    const persistence::due_effect& due;
    const domain::notice::kind& kind;
    std::string template_id;
    std::string subscription_id;
    persistence::notice_file file;
  };

  settlement send_code(const persistence::due_effect& due);
  settlement notify(const persistence::due_effect& due);
  domain::notice::facts facts_of(const task& in) const;
  std::optional<domain::instant> paced_until() const;
  /// False: somebody else has it in hand. An error: it cannot be written down.
  domain::result<bool> carry_out(task& in, const domain::notice::call& what);
  domain::result<bool> carry_out(task& in,
                                 const domain::notice::ask_carrier& what);
  settlement not_written(const persistence::due_effect& due,
                         domain::errc code) const;

  persistence::attempt_outcome
  send_template(const task& in, const persistence::attempt_key& as);
  persistence::attempt_outcome send_subscription(const task& in);
  persistence::attempt_outcome refused(const task& in,
                                       const wechat::api_error& why, int tries);
  void mark_person(const task& in, wechat::person_mark mark);
  persistence::attempt_outcome send_sms(const task& in,
                                        const persistence::attempt_key& as);

  settlement settled(const persistence::due_effect& due,
                     settlement::verdict how, domain::instant when,
                     std::string why) const;

  notice_tools with_;
};

} // namespace zhiku::actors
