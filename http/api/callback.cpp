// What the platform pushes (PROTOCOL 1): recorded once, answered alike however
// often it comes.

#include "wechat/push_kind.hpp"
#include "wechat/reply.hpp"

#include "base/log.hpp"
#include "http/api/routes.hpp"
#include "http/chat_text.hpp"
#include "http/progress_text.hpp"
#include "http/push_meaning.hpp"
#include "persistence/queries/lists.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/pushes.hpp"

namespace zhiku::http {

namespace {

wechat::callback::query query_of(const request& asked) {
  return {asked.query.begin(), asked.query.end()};
}

void refuse_push(const call_ptr& asked) {
  log::warn("callback refuses push", {{"request", asked->asked.id}});
  asked->answer(response::text(403, "forbidden"));
}

void verify(services& s, const call_ptr& asked) {
  auto echo = s.with.callback.verify_get(query_of(asked->asked));
  if (!echo)
    return refuse_push(asked);
  asked->answer(response::text(200, *echo));
}

response success() {
  return response::text(200, "success");
}

// --- facts -------------------------------------------------------------------

/// The person learns of it through the courier, after the commit.
void note_following(soci::session& sql, const wechat::push& what,
                    bool following) {
  instant at{what.create_time};
  persistence::note_follower(sql, what.from_user, following, at);
  auto applicant = persistence::applicant_by_openid(sql, what.from_user);
  if (!applicant)
    return;
  domain::command order{
    following ? "follow" : "unfollow",
    {{"openid", what.from_user}, {"at", domain::to_text(at)}}};
  persistence::enqueue_command(sql, what.dedup_key(), "applicant/" + *applicant,
                               order, at);
}

// --- answers -----------------------------------------------------------------

std::string scan_answer(soci::session& sql, const services& s,
                        const wechat::push& what) {
  const auto& base = s.with.settings.public_base_url;
  if (!persistence::applicant_by_openid(sql, what.from_user))
    return scan_text(scan_outcome::unidentified, "", base);
  auto ticket =
    persistence::scan_login_ticket(sql, what.scene(), what.from_user, s.now());
  auto came =
    outcome_of_scan(ticket ? &*ticket : nullptr, what.from_user, s.now());
  return scan_text(came, ticket ? ticket->id : std::string{}, base);
}

person_rows rows_of(soci::session& sql, const std::string& applicant) {
  return {persistence::drafts_of(sql, applicant),
          persistence::cases_of(sql, applicant, persistence::newest(), 3),
          persistence::exams_of(sql, applicant),
          persistence::experts_of(sql, applicant)};
}

/// How things stand, for the person the openid is bound to.
std::string standing_answer(soci::session& sql, const services& s,
                            const wechat::push& what, meaning asks) {
  const auto& base = s.with.settings.public_base_url;
  auto applicant = persistence::applicant_by_openid(sql, what.from_user);
  if (!applicant)
    return identify_text(base);
  auto rows = rows_of(sql, *applicant);
  if (asks == meaning::exam)
    return exam_answer(rows, s.now()) + "\n\n"
           + chat_link(base, "/h5/exams", "查看考试");
  if (asks == meaning::archive)
    return archive_answer(rows) + "\n\n"
           + chat_link(base, "/h5/archive", "查看档案");
  return progress_answer(rows, s.now()) + "\n\n"
         + chat_link(base, "/h5/applications", "查看申请");
}

/// Does what the push says, in the transaction that records it; the text to
/// answer with, or "".
std::string act(soci::session& sql, const services& s, const wechat::push& what,
                meaning wants) {
  if (what.event == "subscribe" || what.event == "unsubscribe")
    note_following(sql, what, what.event == "subscribe");
  switch (wants) {
  case meaning::follow:
    return welcome_text(s.with.settings.public_base_url);
  case meaning::scan:
    return scan_answer(sql, s, what);
  case meaning::progress:
  case meaning::exam:
  case meaning::archive:
    return standing_answer(sql, s, what, wants);
  case meaning::help:
    return help_text(s.with.settings.public_base_url);
  default:
    return {};
  }
}

// --- once --------------------------------------------------------------------

struct reply {
  std::string xml;  ///< in clear; "" for the word `success`
  std::string text; ///< what a first delivery says; "" for a repeat
};

reply record(soci::session& sql, const services& s, const wechat::push& what,
             meaning wants) {
  auto kind = what.is_event() ? "event/" + what.event : what.msg_type;
  auto key = what.dedup_key();
  auto before =
    persistence::remember_push(sql, {key, kind, what.from_user, s.now()});
  if (before)
    return {*before, ""};
  auto at = std::chrono::floor<std::chrono::seconds>(s.now());
  reply made{"", act(sql, s, what, wants)};
  if (wants == meaning::service)
    made.xml = wechat::transfer_reply(what, "", at);
  else if (!made.text.empty())
    made.xml = wechat::text_reply(what, made.text, at);
  if (!made.xml.empty())
    persistence::keep_reply(sql, key, made.xml);
  return made;
}

response response_with(const services& s, const wechat::received& genuine,
                       const std::string& xml) {
  if (xml.empty())
    return success();
  response answer{200, {}, s.with.callback.reply_body(genuine, xml, s.now())};
  answer.set_header("Content-Type", "application/xml; charset=utf-8");
  return answer;
}

std::vector<receipt> receipts_of(const wechat::push& what) {
  instant at{what.create_time};
  if (wechat::kind_of(what) == wechat::push_kind::template_report)
    return {{what.msg_id, what.status, at}};
  std::vector<receipt> all;
  for (const auto& one : wechat::receipts_in(what))
    all.push_back({one.msg_id,
                   one.error_code == "0"
                     ? "success"
                     : "failed:" + one.error_code + " " + one.error_status,
                   at});
  return all;
}

void tell_others(soci::session& sql, const services& s,
                 const wechat::push& what, meaning wants) {
  if (wants == meaning::receipt && s.with.on_receipt)
    for (const auto& one : receipts_of(what))
      s.with.on_receipt(sql, one);
  if (wants == meaning::consent && s.with.on_consent)
    for (const auto& one : wechat::choices_in(what))
      s.with.on_consent(sql, {what.from_user, one.template_id, one.accepted,
                              instant{what.create_time}});
}

void handle_push(services& s, const call_ptr& asked,
                 const wechat::received& genuine, meaning wants) {
  reply made;
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    made = record(sql, s, genuine.what, wants);
    // Of repeats too: two of them may look alike and tell different things.
    tell_others(sql, s, genuine.what, wants);
  });
  if (!written)
    return asked->refuse(written.error());
  auto in_time = asked->try_answer(response_with(s, genuine, made.xml));
  if (!in_time && !made.text.empty() && s.with.send_later)
    s.with.send_later(genuine.what.from_user, made.text);
}

/// A question is given up after a while: `success` tells the platform not to
/// ask again. A fact is not acknowledged before it is kept; when that takes
/// too long, the platform cuts the connection and brings it again.
void receive(services& s, const call_ptr& asked) {
  auto genuine = s.with.callback.verify_post(query_of(asked->asked),
                                             asked->asked.body, s.now());
  if (!genuine)
    return refuse_push(asked);
  auto wants = meaning_of(genuine->what);
  if (wants == meaning::nothing)
    return asked->answer(success());
  if (is_question(wants))
    s.deadlines.after(s.with.settings.push_patience,
                      [asked] { asked->answer(success()); });
  s.offload(asked, [&s, asked, wants, genuine = std::move(*genuine)] {
    handle_push(s, asked, genuine, wants);
  });
}

} // namespace

route_table callback_routes(services& s) {
  route push{"POST",        "/wechat/callback",
             "receivePush", "平台推送",
             platform(),    [&s](const call_ptr& asked) { receive(s, asked); }};
  push.body_is_foreign = true;
  return {
    {"GET", "/wechat/callback", "verifyCallback", "平台验证", platform(),
     [&s](const call_ptr& asked) { verify(s, asked); }},
    push,
  };
}

} // namespace zhiku::http
