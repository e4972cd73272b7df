// The e-archive (RULES 1.4, 1.5, 1.7).

#include "domain/channel_rule.hpp"
#include "domain/fields.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"
#include "persistence/queries/lists.hpp"

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

} // namespace zhiku::http
