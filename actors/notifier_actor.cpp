#include "actors/notifier_actor.hpp"

#include "actors/courier_actor.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "wechat/errcode.hpp"

#include <algorithm>

namespace zhiku::actors {

using persistence::contact;
using persistence::due_effect;
using persistence::settlement;

namespace {

// A retry within this many attempts falls in the ten minutes in which the
// platform recognises a `client_msg_id`; after that an SMS goes out instead.
constexpr int template_attempts = 8;

// Platform and carriers limit the length of our ids, not their content.
std::string short_id(const std::string& effect_id) {
  return to_hex(sha256(effect_id)).substr(0, 32);
}

bool went_out(const std::vector<persistence::delivery>& all,
              std::string_view route) {
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.route == route && one.state != "FAILED";
  });
}

bool failed_for_good(const std::vector<persistence::delivery>& all,
                     std::string_view route) {
  return std::any_of(all.begin(), all.end(), [&](const auto& one) {
    return one.route == route && one.state == "FAILED";
  });
}

} // namespace

settlement notifier_state::done(const due_effect& due) const {
  return {settlement::verdict::done, due.id, rt->time->now(), {}};
}

settlement notifier_state::later(const due_effect& due, std::string why) const {
  return {settlement::verdict::retry, due.id,
          rt->time->now() + backoff(due.attempts), std::move(why)};
}

settlement notifier_state::park(const due_effect& due, std::string why) const {
  return {settlement::verdict::park, due.id, rt->time->now(), std::move(why)};
}

settlement_ptr notifier_state::deliver(const due_effect& due) {
  auto how = due.what.what == domain::effect::kind::sms_code ? send_code(due)
                                                             : notify(due);
  return std::make_shared<settlement>(std::move(how));
}

// A code is never repeated on doubt: the person asks for another one.
settlement notifier_state::send_code(const due_effect& due) {
  if (due.attempts > 1 || rt->time->now() - due.what.due > rt->rules->sms_ttl)
    return park(due, "code not sent in time");
  auto minutes = std::to_string(rt->rules->sms_ttl.count() / 60);
  sms::message message{due.what.pii.value("phone", ""),
                       "code",
                       {due.what.pii.value("code", ""), minutes},
                       short_id(due.id)};
  auto how = tools->carrier->send(message);
  if (how.what == sms::verdict::sent)
    return done(due);
  log::warn("carrier refuses code", {{"code", how.code}});
  return park(due, how.code);
}

settlement notifier_state::notify(const due_effect& due) {
  auto recorded = tools->notices.record(due.id, due.what.target, due.what.type,
                                        due.what.payload, due.what.due);
  auto who = tools->notices.contact_of(due.what.target);
  auto before = tools->notices.deliveries_of(due.id);
  if (!recorded || !who || !before)
    return later(due, "database away");
  const auto* kind = find_notice(due.what.type);
  if (kind == nullptr || !*who)
    return done(due);
  auto told = went_out(*before, "TEMPLATE") ? sent::yes : sent::no;
  if (told == sent::no && kind->by_template
      && !failed_for_good(*before, "TEMPLATE"))
    told = by_template(due, *kind, **who);
  if (told == sent::later)
    return later(due, "platform away");
  if ((kind->by_sms || told == sent::no) && !went_out(*before, "SMS")
      && by_sms(due, *kind, **who) == sent::later)
    return later(due, "carrier away");
  return done(due);
}

wechat::result<std::string>
notifier_state::send(const wechat::template_message& message) {
  auto token = tools->tokens->token(tools->platform);
  if (!token)
    return token.error();
  auto answer = tools->platform.send_template(*token, message);
  if (answer
      || wechat::advice_for(answer.error()).retry
           != wechat::retry_class::with_new_token)
    return answer;
  auto fresh = tools->tokens->replacement(tools->platform, *token);
  if (!fresh)
    return fresh.error();
  return tools->platform.send_template(*fresh, message);
}

notifier_state::sent notifier_state::by_template(const due_effect& due,
                                                 const notice_kind& kind,
                                                 const contact& who) {
  auto chosen = tools->templates.find(std::string{kind.event});
  if (who.openid.empty() || !who.reachable || chosen == tools->templates.end())
    return sent::no;
  wechat::template_message message;
  message.touser = who.openid;
  message.template_id = chosen->second;
  message.url =
    tools->public_base_url + "/wechat/enter?to=" + percent_encode(kind.page);
  message.client_msg_id = short_id(due.id);
  message.data = template_fields(kind, due.what.payload, due.what.due);
  auto answer = send(message);
  auto now = rt->time->now();
  if (answer) {
    auto noted = tools->notices.note_delivery(due.id, "TEMPLATE", "SENT",
                                              *answer, "", now);
    return noted ? sent::yes : sent::later;
  }
  auto advice = wechat::advice_for(answer.error());
  auto waits = advice.retry == wechat::retry_class::backoff
               || advice.retry == wechat::retry_class::with_new_token;
  if (waits && due.attempts < template_attempts)
    return sent::later;
  if (advice.alarm)
    log::error("platform refuses template message",
               {{"event", kind.event}, {"errcode", answer.error().errcode}});
  auto noted =
    tools->notices.note_delivery(due.id, "TEMPLATE", "FAILED", "",
                                 std::to_string(answer.error().errcode), now);
  return noted ? sent::no : sent::later;
}

notifier_state::sent notifier_state::by_sms(const due_effect& due,
                                            const notice_kind& kind,
                                            const contact& who) {
  if (who.phone.empty())
    return sent::no;
  sms::message message{who.phone, std::string{kind.event},
                       sms_params(kind, due.what.payload), short_id(due.id)};
  auto how = tools->carrier->send(message);
  auto now = rt->time->now();
  if (how.what == sms::verdict::retry)
    return sent::later;
  auto went =
    how.what == sms::verdict::sent || how.what == sms::verdict::unknown;
  auto noted = tools->notices.note_delivery(
    due.id, "SMS", went ? "SENT" : "FAILED", how.serial, how.code, now);
  // What went out and cannot be written down must not go out again.
  if (!noted)
    log::error("delivery cannot be written down", {{"effect", due.id}});
  return went ? sent::yes : sent::no;
}

notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self, runtime_ptr rt,
         std::shared_ptr<notifier_tools> tools) {
  auto& state = self->state;
  state.rt = std::move(rt);
  state.tools = std::move(tools);
  return {
    [&state](const due_effect_ptr& due) { return state.deliver(*due); },
  };
}

} // namespace zhiku::actors
