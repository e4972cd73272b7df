// The e-archive, and the notices of a person (RULES 1.4, 1.5, 1.7).

#include "domain/channel_rule.hpp"
#include "domain/fields.hpp"
#include "http/api/paging.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;

void list_records(services& s, const call_ptr& asked) {
  s.read(asked, [asked](soci::session& sql) -> domain::result<json> {
    return json{
      {"items", persistence::experts_of(sql, asked->login->applicant_id)}};
  });
}

void show_record(services& s, const call_ptr& asked) {
  const auto& pool = asked->path("pool");
  auto channel = domain::channel_of(asked->login->channel);
  auto refused =
    domain::check_channel(domain::function::archive, pool, channel);
  if (refused != errc::none)
    return asked->refuse(refused);
  s.read(asked, [asked, pool](soci::session& sql) -> domain::result<json> {
    auto records = persistence::experts_of(sql, asked->login->applicant_id);
    for (auto& record : records)
      if (domain::text_at(record, "pool") == pool)
        return std::move(record);
    return errc::not_found;
  });
}

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

} // namespace

route_table expert_routes(services& s) {
  return {
    {"GET", "/api/v1/expert-records", "listExpertRecords", "我的专家资格",
     person(), [&s](const call_ptr& asked) { list_records(s, asked); }, nullptr,
     list_schema()},
    {"GET", "/api/v1/expert-records/{pool}", "showExpertRecord", "我的电子档案",
     person(), [&s](const call_ptr& asked) { show_record(s, asked); }, nullptr,
     schema::any_object()},
  };
}

route_table notification_routes(services& s) {
  return {{"GET", "/api/v1/notifications", "listNotifications", "站内通知",
           person(),
           [&s](const call_ptr& asked) { list_notifications(s, asked); },
           nullptr, page_schema(), paging_fields()}};
}

} // namespace zhiku::http
