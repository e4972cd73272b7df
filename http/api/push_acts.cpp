#include "http/api/push_acts.hpp"

#include "http/chat_text.hpp"
#include "http/progress_text.hpp"
#include "persistence/queries/followers.hpp"
#include "persistence/queries/lists.hpp"
#include "persistence/queries/login_tickets.hpp"
#include "wechat/push_kind.hpp"
#include "wechat/reply.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

std::string scan_answer(soci::session& sql, const services& s,
                        const wechat::push& what,
                        const std::string& applicant) {
  const auto& base = s.with.settings.public_base_url;
  if (applicant.empty())
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

std::string standing_answer(soci::session& sql, const services& s, meaning asks,
                            const std::string& applicant) {
  const auto& base = s.with.settings.public_base_url;
  if (applicant.empty())
    return identify_text(base);
  auto rows = rows_of(sql, applicant);
  if (asks == meaning::exam)
    return exam_answer(rows, s.now()) + "\n\n"
           + chat_link(base, "/h5/exams", "查看考试");
  if (asks == meaning::archive)
    return archive_answer(rows) + "\n\n"
           + chat_link(base, "/h5/archive", "查看档案");
  return progress_answer(rows, s.now()) + "\n\n"
         + chat_link(base, "/h5/applications", "查看申请");
}

std::chrono::sys_seconds this_second(const services& s) {
  return std::chrono::floor<std::chrono::seconds>(s.now());
}

reply saying(const services& s, const wechat::push& what,
             std::string_view text) {
  auto fitted = wechat::fitted_text(text);
  auto xml = wechat::text_reply(what, fitted, this_second(s));
  return {std::move(xml), std::move(fitted)};
}

} // namespace

bool answer_depends(meaning what) {
  return what == meaning::scan || is_question(what);
}

bool needs_no_memory(meaning what) {
  return what == meaning::nothing || what == meaning::help
         || what == meaning::service;
}

reply fixed_reply(const services& s, const wechat::push& what, meaning wants) {
  const auto& base = s.with.settings.public_base_url;
  if (wants == meaning::follow)
    return saying(s, what, welcome_text(base));
  if (wants == meaning::help)
    return saying(s, what, help_text(base));
  if (wants == meaning::service)
    return {wechat::transfer_reply(what, "", this_second(s)), ""};
  return {};
}

reply standing_reply(soci::session& sql, const services& s,
                     const wechat::push& what, meaning wants,
                     const std::string& applicant) {
  return saying(s, what,
                wants == meaning::scan
                  ? scan_answer(sql, s, what, applicant)
                  : standing_answer(sql, s, wants, applicant));
}

instant happened_at(const wechat::push& what, instant now) {
  instant told{what.create_time};
  return told == instant{} ? now : std::min(told, now);
}

void keep_facts(soci::session& sql, const services& s,
                const wechat::push& what) {
  auto at = happened_at(what, s.now());
  switch (wechat::kind_of(what)) {
  case wechat::push_kind::subscribe:
  case wechat::push_kind::unsubscribe:
    return persistence::note_following(sql, what.dedup_key(), what.from_user,
                                       what.event == "subscribe", at);
  case wechat::push_kind::account_closed:
    if (auto openid = what.person(); !openid.empty())
      persistence::forget_account(sql, what.dedup_key(), openid, at);
    return;
  default:
    // An authorisation that is taken back covers nickname, portrait, address,
    // position and the like, none of which is kept here.
    return;
  }
}

std::vector<receipt> receipts_in(const wechat::push& what, meaning wants,
                                 instant now) {
  if (wants != meaning::receipt)
    return {};
  auto at = happened_at(what, now);
  if (wechat::kind_of(what) == wechat::push_kind::template_report)
    return {{what.msg_id, what.status, at}};
  std::vector<receipt> all;
  for (const auto& one : wechat::receipts_in(what))
    all.push_back({one.msg_id,
                   one.error_code == "0"
                     ? "success"
                     : "failed:" + one.error_code + " " + one.error_status,
                   at, what.from_user, one.template_id});
  return all;
}

std::vector<consent> consents_in(const wechat::push& what, meaning wants,
                                 instant now) {
  std::vector<consent> all;
  if (wants == meaning::consent)
    for (const auto& one : wechat::choices_in(what))
      all.push_back({what.from_user, one.template_id, one.accepted,
                     happened_at(what, now)});
  return all;
}

} // namespace zhiku::http
