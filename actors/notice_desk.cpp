#include "actors/notice_desk.hpp"

#include "actors/notice_message.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "wechat/errcode.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace zhiku::actors {

using domain::instant;
using domain::seconds;
using domain::notice::route;
using domain::notice::stage;
using persistence::attempt_key;
using persistence::attempt_outcome;
using persistence::due_effect;
using persistence::settlement;

namespace {

constexpr auto send_api = "/cgi-bin/message/template/send";
constexpr int most_database_tries = 20;
constexpr seconds ask_patience{900}; // with a carrier that does not answer
constexpr seconds busy_pause{1};     // somebody else is making the call
constexpr seconds queue_pause{5}; // behind an older message to the same person
constexpr seconds sms_doubt{60};  // before a carrier is asked what became of it
constexpr seconds token_pause{60};
constexpr int most_steps = 6;

// Platform and carriers limit the length of our ids, not their content.
std::string message_id(const attempt_key& of) {
  return to_hex(sha256(of.notification_id + '\n'
                       + std::to_string(of.number + of.resent_after)))
    .substr(0, 32);
}

// PROTOCOL 8: 1 s, 4 s, 15 s, 1 min, then 5 min, with jitter.
seconds pause_before(int tries, seconds first) {
  constexpr std::array<int, 5> lengths{1, 4, 15, 60, 300};
  auto place = std::min<std::size_t>(static_cast<std::size_t>(tries) - 1,
                                     lengths.size() - 1);
  auto length = std::max<std::int64_t>(lengths[place], first.count());
  auto jitter = static_cast<unsigned char>(random_bytes(1).front())
                * std::max<std::int64_t>(length / 5, 1) / 256;
  return seconds{length + jitter};
}

const domain::notice::attempt* attempt_in(const persistence::notice_file& file,
                                          route via, int number) {
  for (const auto& one : file.so_far)
    if (one.via == via && one.number == number)
      return &one;
  return nullptr;
}

int tries_before(const persistence::notice_file& file, const attempt_key& as) {
  const auto* known = attempt_in(file, as.via, as.number);
  return known == nullptr ? 0 : known->tries;
}

/// Whether the former attempt failed for what a shorter text may mend.
bool wants_shorter(const domain::notice::attempt* former) {
  int errcode = 0;
  if (former == nullptr)
    return false;
  const auto& text = former->detail;
  std::from_chars(text.data(), text.data() + text.size(), errcode);
  return wechat::advice_for(errcode).step == wechat::next_step::shorten;
}

std::string id_in(const std::map<std::string, std::string>& ids,
                  const std::string& event) {
  auto found = ids.find(event);
  return found == ids.end() ? std::string{} : found->second;
}

/// By what the call goes out, as far as that is known before it is made.
std::string known_means(route via, const std::string& template_id,
                        const std::string& subscription_id) {
  switch (via) {
  case route::template_message:
    return template_id;
  case route::subscription:
    return subscription_id;
  case route::sms:
    break;
  }
  return {};
}

bool surely_not_accepted(const wechat::api_error& why) {
  return why.kind == wechat::failure::platform
         || why.kind == wechat::failure::http;
}

} // namespace

notice_desk::notice_desk(notice_tools tools) : with_(std::move(tools)) {
  with_.platform.observe(
    [ledger = with_.ledger](const auto& call) { ledger->count(call); });
}

settlement notice_desk::settled(const due_effect& due, settlement::verdict how,
                                instant when, std::string why) const {
  return {how, due.id, when, std::move(why)};
}

/// The database may be away; a statement that it always refuses is parked where
/// staff see it.
settlement notice_desk::not_written(const due_effect& due,
                                    domain::errc code) const {
  auto now = with_.time->now();
  auto hopeless =
    code != domain::errc::unavailable && due.attempts >= most_database_tries;
  auto pause = std::min<std::int64_t>(1 << std::min(due.attempts, 6), 60);
  return settled(
    due, hopeless ? settlement::verdict::park : settlement::verdict::retry,
    hopeless ? now : now + seconds{pause}, std::string{domain::code(code)});
}

settlement notice_desk::deliver(const due_effect& due) {
  return due.what.what == domain::effect::kind::sms_code ? send_code(due)
                                                         : notify(due);
}

// A code is never repeated on doubt: the person asks for another one.
settlement notice_desk::send_code(const due_effect& due) {
  auto now = with_.time->now();
  auto ttl = with_.rules->sms_code_ttl;
  if (due.attempts > 1 || now - due.what.due > ttl)
    return settled(due, settlement::verdict::park, now,
                   "code not sent in time");
  sms::message message{
    due.what.pii.value("phone", ""),
    "code",
    {due.what.pii.value("code", ""), std::to_string(ttl.count() / 60)},
    message_id({due.id, route::sms, 1, 0})};
  auto how = with_.carrier->send(message);
  if (how.what == sms::verdict::sent)
    return settled(due, settlement::verdict::done, now, {});
  log::error("carrier does not send code",
             {{"code", how.code}, {"carrier", how.carrier}});
  return settled(due, settlement::verdict::park, now, how.code);
}

// --- notifications -----------------------------------------------------------

std::optional<instant> notice_desk::paced_until() const {
  auto now = with_.time->now();
  auto quota = with_.ledger->kept_until(send_api, now);
  return quota ? quota : with_.channel->slowed_until(now);
}

domain::notice::facts notice_desk::facts_of(const task& in) const {
  const auto& who = in.file.who;
  auto now = with_.time->now();
  auto rest = with_.channel->rests_until(in.template_id, now);
  auto waits = in.kind.sms == domain::notice::sms_rule::never;
  auto by_template = !who.openid.empty() && who.reachable
                     && !who.refuses_template && !in.template_id.empty()
                     && (waits || !rest);
  auto by_sms =
    !who.phone.empty() && with_.rules->sms_templates.contains(in.kind.event);
  auto by_subscription = !who.openid.empty() && who.consents;
  auto kept_until = waits && rest ? rest : paced_until();
  return {in.kind,        by_template, by_subscription, by_sms, kept_until,
          in.file.so_far, now};
}

settlement notice_desk::notify(const due_effect& due) {
  using verdict = settlement::verdict;
  const auto* kind = with_.rules->kinds.find(due.what.type);
  auto template_id = id_in(with_.rules->templates, due.what.type);
  auto subscription_id = id_in(with_.rules->subscriptions, due.what.type);
  persistence::notices::notification what{
    due.id,       due.what.target, due.what.type,  due.what.payload,
    due.what.due, template_id,     subscription_id};
  for (int steps = 0; steps < most_steps; ++steps) {
    auto now = with_.time->now();
    auto file = with_.notices.open(what, now);
    if (!file)
      return not_written(due, file.error().code);
    if (kind == nullptr || !*file)
      return settled(due, verdict::done, now, {});
    if ((*file)->behind_another && !kind->urgent)
      return settled(due, verdict::wait, now + queue_pause,
                     "behind an older message");
    task in{due, *kind, template_id, subscription_id, std::move(**file)};
    auto next = domain::notice::next_step(facts_of(in), with_.rules->within);
    if (auto* rest = std::get_if<domain::notice::wait>(&next))
      return settled(due, verdict::wait, rest->until, "under way");
    if (auto* end = std::get_if<domain::notice::done>(&next)) {
      auto lost = !end->told && kind->sms != domain::notice::sms_rule::never;
      return settled(due, lost ? verdict::park : verdict::done, now,
                     lost ? "nobody could be told" : "");
    }
    auto* call = std::get_if<domain::notice::call>(&next);
    auto done = call != nullptr
                  ? carry_out(in, *call)
                  : carry_out(in, std::get<domain::notice::ask_carrier>(next));
    if (!done)
      return not_written(due, done.error().code);
    if (!*done)
      return settled(due, verdict::wait, now + busy_pause,
                     "in another's hands");
  }
  return settled(due, verdict::wait, with_.time->now() + queue_pause,
                 "under way");
}

domain::result<bool> notice_desk::carry_out(task& in,
                                            const domain::notice::call& what) {
  attempt_key as{in.due.id, what.via, what.number, in.file.resent_after};
  auto ours = with_.notices.begin(
    as, with_.time->now(),
    known_means(what.via, in.template_id, in.subscription_id));
  if (!ours || !*ours)
    return ours;
  auto how = what.via == route::sms            ? send_sms(in, as)
             : what.via == route::subscription ? send_subscription(in)
                                               : send_template(in, as);
  auto noted = with_.notices.conclude(as, how, with_.time->now());
  if (noted)
    return true;
  // What went out is found as SENDING later on.
  log::error("delivery cannot be written down", {{"effect", in.due.id}});
  return noted.error();
}

domain::result<bool>
notice_desk::carry_out(task& in, const domain::notice::ask_carrier& what) {
  attempt_key as{in.due.id, route::sms, what.number, in.file.resent_after};
  auto sent = with_.notices.sms_of(as);
  if (!sent)
    return sent.error();
  auto fate = with_.carrier->status_of(
    {sent->carrier, in.file.who.phone, sent->serial, message_id(as),
     std::chrono::floor<seconds>(sent->first_at)});
  attempt_outcome how;
  how.next_at = with_.time->now();
  how.detail = fate.code;
  switch (fate.what) {
  case sms::fate::delivered:
    how.at = stage::delivered;
    break;
  case sms::fate::pending:
    how.at = stage::sent;
    break;
  case sms::fate::failed:
    how.at = stage::failed;
    break;
  case sms::fate::unanswered:
    if (with_.time->now() < sent->first_at + ask_patience) {
      how.at = stage::unknown;
      how.next_at = with_.time->now() + sms_doubt;
      break;
    }
    [[fallthrough]];
  case sms::fate::unknown:
    how.at = stage::failed;
    how.renew = true;
    break;
  }
  auto noted = with_.notices.conclude(as, how, with_.time->now());
  if (!noted)
    return noted.error();
  return true;
}

// --- template messages -------------------------------------------------------

attempt_outcome notice_desk::send_template(const task& in,
                                           const attempt_key& as) {
  auto shortened = wants_shorter(attempt_in(in.file, as.via, as.number - 1));
  auto message = template_of(in.kind, in.due.what.payload,
                             with_.rules->public_base_url, shortened);
  message.touser = in.file.who.openid;
  message.template_id = in.template_id;
  message.client_msg_id = message_id(as);
  auto answer =
    with_.tokens->call(with_.platform, [&](const std::string& token) {
      return with_.platform.send_template(token, message);
    });
  if (!answer) {
    const auto* before = attempt_in(in.file, as.via, as.number);
    auto how = refused(in, answer.error(), tries_before(in.file, as) + 1);
    // Once in doubt, always in doubt: what came before may have gone out.
    auto doubtful = before != nullptr && before->at != stage::retrying;
    if (doubtful && how.at == stage::retrying)
      how.at = stage::unknown;
    how.by = in.template_id;
    return how;
  }
  attempt_outcome how;
  how.at = stage::sent;
  how.next_at = with_.time->now();
  how.by = in.template_id;
  how.platform_id = *answer;
  return how;
}

attempt_outcome notice_desk::send_subscription(const task& in) {
  auto card = template_of(in.kind, in.due.what.payload,
                          with_.rules->public_base_url, false);
  wechat::subscription_message message{in.file.who.openid, in.subscription_id,
                                       card.url, card.data};
  auto answer =
    with_.tokens->call(with_.platform, [&](const std::string& token) {
      return with_.platform.send_subscription(token, message);
    });
  attempt_outcome how;
  how.next_at = with_.time->now();
  how.by = in.subscription_id;
  constexpr int no_consent = 43101;
  auto refused = !answer && surely_not_accepted(answer.error());
  how.at = answer ? stage::sent : refused ? stage::failed : stage::unknown;
  if (!answer)
    how.detail = std::to_string(answer.error().errcode);
  auto none_left = refused && answer.error().errcode == no_consent;
  if ((!refused || none_left)
      && !with_.notices.use_consent(message.touser, message.template_id,
                                    none_left, with_.time->now()))
    log::warn("use of consent cannot be written down", {});
  return how;
}

attempt_outcome notice_desk::refused(const task& in,
                                     const wechat::api_error& why, int tries) {
  auto now = with_.time->now();
  auto advice = wechat::advice_for(why);
  with_.channel->heed(why, in.template_id, now);
  mark_person(in, advice.mark);
  attempt_outcome how;
  how.next_at = now;
  how.detail = why.kind == wechat::failure::platform
                 ? std::to_string(why.errcode)
                 : "no answer";
  switch (advice.retry) {
  case wechat::retry_class::backoff:
    how.at = surely_not_accepted(why) ? stage::retrying : stage::unknown;
    how.next_at = now + pause_before(tries, advice.first_wait);
    break;
  case wechat::retry_class::with_new_token: // and the new one was refused too
    log::error("platform refuses each token", {{"errcode", why.errcode}});
    how.at = stage::retrying;
    how.next_at = now + token_pause;
    break;
  case wechat::retry_class::tomorrow:
    how.at = in.kind.urgent ? stage::failed : stage::retrying;
    how.next_at = domain::notice::after_quota_reset(now);
    break;
  case wechat::retry_class::none: // 45065: it had been taken before
    how.at = stage::sent;
    break;
  case wechat::retry_class::never:
    how.renew = advice.step == wechat::next_step::shorten;
    // What has no other way waits until an operator has mended the account.
    if (advice.pause != wechat::pause_scope::none
        && in.kind.sms == domain::notice::sms_rule::never) {
      how.at = stage::retrying;
      how.next_at = with_.channel->rests_until(in.template_id, now)
                      .value_or(now + token_pause);
    }
    break;
  }
  return how;
}

void notice_desk::mark_person(const task& in, wechat::person_mark mark) {
  using wechat::person_mark;
  const auto& openid = in.file.who.openid;
  auto now = with_.time->now();
  if (mark == person_mark::refused_template) {
    if (!with_.notices.refuse_template(openid, in.template_id, now))
      log::warn("refusal of template cannot be written down", {});
    return;
  }
  if (mark == person_mark::none || !with_.tell)
    return;
  with_.tell({"applicant/" + in.due.what.target,
              {"unfollow", {{"openid", openid}, {"at", domain::to_text(now)}}},
              {{"SYSTEM"}, "wechat", domain::channel::system},
              {}});
}

// --- SMS ---------------------------------------------------------------------

attempt_outcome notice_desk::send_sms(const task& in, const attempt_key& as) {
  auto message = sms_of(in.kind, in.due.what.payload);
  message.phone = in.file.who.phone;
  message.session_id = message_id(as);
  auto sent = with_.carrier->send(message);
  auto now = with_.time->now();
  attempt_outcome how;
  how.next_at = now;
  how.by = sent.carrier;
  how.platform_id = sent.serial;
  how.detail = sent.code;
  switch (sent.what) {
  case sms::verdict::sent:
    how.at = stage::sent;
    break;
  case sms::verdict::unknown:
    how.at = stage::unknown;
    how.next_at = now + sms_doubt;
    break;
  case sms::verdict::never:
    break;
  case sms::verdict::other_carrier:
    log::error("no carrier sends message",
               {{"code", sent.code}, {"event", in.kind.event}});
    [[fallthrough]];
  case sms::verdict::wait:
  case sms::verdict::retry:
    if (auto pause = domain::notice::sms_pause(tries_before(in.file, as) + 1)) {
      how.at = stage::retrying;
      how.next_at = now + *pause;
    }
    break;
  }
  return how;
}

} // namespace zhiku::actors
