// What our pages need to use WeChat's JS-SDK (PROTOCOL 6).

#include "wechat/jssdk.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "domain/fields.hpp"
#include "http/api/routes.hpp"
#include "http/problem.hpp"
#include "http/schema.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;

json configuration(const services& s, const std::string& ticket,
                   const std::string& url) {
  auto timestamp = std::chrono::floor<std::chrono::seconds>(s.now())
                     .time_since_epoch()
                     .count();
  auto nonce = to_hex(random_bytes(8));
  return {{"app_id", s.with.settings.wechat_app_id},
          {"timestamp", timestamp},
          {"nonce_str", nonce},
          {"signature", wechat::js_signature(ticket, nonce, timestamp,
                                             wechat::signed_part_of(url))}};
}

void configure(services& s, const call_ptr& asked) {
  auto url = asked->query("url");
  if (!wechat::is_own_page(url, s.with.settings.public_base_url))
    return asked->answer(
      problem_as(400, domain::invalid("url", "not_own", "只能用于本站页面"),
                 asked->asked.id));
  if (!s.with.jsapi_ticket)
    return asked->refuse(errc::unavailable);
  s.with.jsapi_ticket(
    [&s, asked, url](const domain::result<std::string>& ticket) {
      if (!ticket)
        return asked->refuse(errc::unavailable);
      asked->answer(asked->matched.status, configuration(s, *ticket, url));
    });
}

} // namespace

route_table jssdk_routes(services& s) {
  route one{"GET",
            "/api/v1/wechat/jssdk-config",
            "configureJssdk",
            "微信 JS-SDK 参数",
            anyone(),
            [&s](const call_ptr& asked) { configure(s, asked); }};
  one.reply = schema::answer({{"app_id", schema::text()},
                              {"timestamp", schema::integer(0, INT64_MAX)},
                              {"nonce_str", schema::text()},
                              {"signature", schema::text(40, 40)}});
  one.query = {{"url", schema::text(1024), true}};
  return {one};
}

} // namespace zhiku::http
