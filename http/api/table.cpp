#include "http/api/routes.hpp"
#include "http/openapi.hpp"
#include "http/pages.hpp"
#include "http/schema.hpp"

namespace zhiku::http {

namespace {

void append(route_table& all, route_table some) {
  all.insert(all.end(), std::make_move_iterator(some.begin()),
             std::make_move_iterator(some.end()));
}

/// What is built once from the whole table, these routes included.
struct description {
  std::string machine; ///< OpenAPI as JSON text
  std::string human;   ///< HTML
};

route_table describing_routes(const std::shared_ptr<description>& texts) {
  auto show_machine = [texts](const call_ptr& asked) {
    response answer{200, {}, texts->machine};
    answer.set_header("Content-Type", "application/json");
    answer.set_header("Cache-Control", "no-cache");
    asked->answer(std::move(answer));
  };
  auto show_human = [texts](const call_ptr& asked) {
    auto answer = html(200, texts->human);
    answer.set_header("Cache-Control", "no-cache");
    asked->answer(std::move(answer));
  };
  return {{"GET", "/openapi.json", "openapi", "机器可读的接口说明", internal(),
           show_machine, nullptr, schema::any_object()},
          {"GET", "/docs", "docs", "接口说明", internal(), show_human}};
}

} // namespace

route_table all_routes(services& s) {
  route_table all;
  for (auto* rows :
       {callback_routes, oauth_routes, identity_routes, login_ticket_routes,
        jssdk_routes, login_routes, session_routes, staff_login_routes,
        pool_routes, draft_routes, application_routes, exam_routes,
        expert_routes, review_routes, office_routes, notification_routes,
        sms_report_routes, operation_routes, page_routes})
    append(all, rows(s));
  auto texts = std::make_shared<description>();
  append(all, describing_routes(texts));
  texts->machine =
    openapi_document(all, s.with.settings.public_base_url).dump();
  texts->human = docs_page(all, style_sheet());
  return all;
}

} // namespace zhiku::http
