// What people were told: to themselves, and its whole way to staff (RULES 2.11,
// edge 14).

#include "persistence/queries/notifications.hpp"
#include "base/log.hpp"
#include "domain/fields.hpp"
#include "http/api/paging.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"
#include "persistence/queries/platform_calls.hpp"

#include <soci/soci.h>

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using domain::text_at;

// --- the person --------------------------------------------------------------

void list_notifications(services& s, const call_ptr& asked) {
  auto page = page_asked(*asked, persistence::newest());
  if (!page)
    return asked->refuse(page.error());
  s.read(asked,
         [asked, page = *page](soci::session& sql) -> domain::result<json> {
           auto rows = persistence::notifications_of(
             sql, asked->login->applicant_id, page.after, page.limit + 1);
           return page_of(std::move(rows), static_cast<std::size_t>(page.limit),
                          "created_at");
         });
}

void read_notification(services& s, const call_ptr& asked) {
  s.read(asked, [&s, asked](soci::session& sql) -> domain::result<json> {
    std::string id{text_at(asked->body, "id")};
    if (!persistence::mark_read(sql, id, asked->login->applicant_id, s.now()))
      return errc::not_found;
    return json{{"id", id}};
  });
}

// --- staff -------------------------------------------------------------------

void list_for_staff(services& s, const call_ptr& asked) {
  auto page = page_asked(*asked, persistence::newest());
  if (!page)
    return asked->refuse(page.error());
  persistence::notification_filter wanted{
    asked->query("fate"), asked->query("event"), asked->query("applicant_id")};
  s.read(asked,
         [wanted, page = *page](soci::session& sql) -> domain::result<json> {
           auto rows = persistence::staff_notifications(sql, wanted, page.after,
                                                        page.limit + 1);
           return page_of(std::move(rows), static_cast<std::size_t>(page.limit),
                          "created_at");
         });
}

domain::result<json> resent(persistence::resend how, const std::string& id) {
  switch (how) {
  case persistence::resend::begun:
    return json{{"id", id}, {"fate", "PENDING"}};
  case persistence::resend::under_way:
    return domain::refusal{
      errc::state_conflict, "这条通知仍在发送，请等它结束后再重发", {}};
  case persistence::resend::unknown:
    break;
  }
  return errc::not_found;
}

void resend_notification(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    std::string id{text_at(asked->body, "id")};
    auto how = persistence::resend::unknown;
    auto written = s.with.readers.transaction([&](soci::session& sql) {
      how = persistence::send_anew(sql, id, asked->login->staff_id, s.now());
    });
    if (!written)
      return asked->refuse(written.error());
    log::info("staff resends notification",
              {{"staff", asked->login->staff_id}, {"notification", id}});
    auto answer = resent(how, id);
    if (!answer)
      return asked->refuse(answer.error());
    asked->answer(asked->matched.status, *answer);
  });
}

void list_calls(services& s, const call_ptr& asked) {
  s.read(asked, [&s](soci::session& sql) -> domain::result<json> {
    constexpr int week = 7;
    return json{{"items", persistence::latest_calls(sql, s.now(), week)}};
  });
}

json id_body() {
  return schema::object({{"id", schema::text(200)}});
}

std::vector<query_field> staff_fields() {
  auto fields = paging_fields();
  fields.push_back({"fate", schema::choice({"PENDING", "DONE", "PARKED"})});
  fields.push_back({"event", schema::text(40)});
  fields.push_back({"applicant_id", uuid_schema()});
  return fields;
}

access notification_staff() {
  return staff({"POOL_ADMIN", "EXAM_ADMIN", "CHECKER", "AUDITOR"});
}

} // namespace

route_table notification_routes(services& s) {
  return {
    {"GET", "/api/v1/notifications", "listNotifications", "站内通知", person(),
     [&s](const call_ptr& asked) { list_notifications(s, asked); }, nullptr,
     page_schema(), paging_fields()},
    {"POST", "/api/v1/notifications/read", "readNotification", "标记通知为已读",
     person(), [&s](const call_ptr& asked) { read_notification(s, asked); },
     id_body(), schema::answer({{"id", schema::text(200)}})},
    {"GET", "/api/v1/admin/notifications", "listAllNotifications",
     "通知与送达情况", notification_staff(),
     [&s](const call_ptr& asked) { list_for_staff(s, asked); }, nullptr,
     page_schema(), staff_fields()},
    {"POST", "/api/v1/admin/notifications/resend", "resendNotification",
     "重发通知", staff({"POOL_ADMIN", "EXAM_ADMIN"}),
     [&s](const call_ptr& asked) { resend_notification(s, asked); }, id_body(),
     schema::answer({{"id", schema::text(200)}, {"fate", schema::text()}})},
    {"GET", "/api/v1/admin/platform-calls", "listPlatformCalls",
     "微信接口调用量", staff({"POOL_ADMIN", "AUDITOR"}),
     [&s](const call_ptr& asked) { list_calls(s, asked); }, nullptr,
     list_schema()},
  };
}

} // namespace zhiku::http
