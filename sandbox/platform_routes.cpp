#include "sandbox/route.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "wechat/oauth.hpp"

#include <array>
#include <string_view>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

using httplib::Request;
using httplib::Response;

constexpr std::chrono::hours jsapi_ticket_lifetime{2};
constexpr int default_qr_seconds = 60;
constexpr int max_qr_seconds = 2'592'000;
constexpr std::size_t max_scene_bytes = 64;
constexpr const char* cookie_name = "sandbox_openid";

// -- application and token ----------------------------------------------------

void check_application(const world& in, const std::string& app_id,
                       const std::string& secret) {
  if (app_id != in.how.app_id)
    throw refusal{40013, "invalid appid"};
  if (secret != in.how.app_secret)
    throw refusal{40125, "invalid appsecret"};
}

void check_token(const world& in, const Request& request) {
  if (!request.has_param("access_token"))
    throw refusal{41001, "access_token missing"};
  switch (
    in.tokens.check(request.get_param_value("access_token"), in.time.now())) {
  case token_desk::standing::good:
    return;
  case token_desk::standing::expired:
    throw refusal{42001, "access_token expired"};
  case token_desk::standing::unknown:
    throw refusal{40001, "invalid credential, access_token is invalid or "
                         "not latest,"};
  }
}

json to_json(const token_desk::grant& grant) {
  return {{"access_token", grant.token},
          {"expires_in", grant.expires_in.count()}};
}

json token(world& in, const Request& request) {
  if (request.get_param_value("grant_type") != "client_credential")
    throw refusal{40002, "invalid grant_type"};
  check_application(in, request.get_param_value("appid"),
                    request.get_param_value("secret"));
  return to_json(in.tokens.issue(in.time.now()));
}

json stable_token(world& in, const Request& request) {
  auto body = object_in(request, 47001);
  if (body.value("grant_type", std::string{}) != "client_credential")
    throw refusal{40002, "invalid grant_type"};
  check_application(in, body.value("appid", std::string{}),
                    body.value("secret", std::string{}));
  auto grant =
    in.tokens.stable(in.time.now(), body.value("force_refresh", false));
  if (!grant)
    throw refusal{45009, "reach max api daily quota limit"};
  return to_json(*grant);
}

// -- OAuth
// ----------------------------------------------------------------------

/// The query's parameters in the order they stand.
std::vector<std::string> names_in_order(const std::string& target) {
  std::vector<std::string> out;
  auto at = target.find('?');
  while (at != std::string::npos) {
    auto from = at + 1;
    at = target.find('&', from);
    auto pair = target.substr(from, at == std::string::npos ? at : at - from);
    out.push_back(pair.substr(0, pair.find('=')));
  }
  return out;
}

/// What is wrong with an authorisation request; empty when nothing is.
std::string authorization_problem(const world& in, const Request& request) {
  static constexpr std::array<std::string_view, 5> order = {
    "appid", "redirect_uri", "response_type", "scope", "state"};
  auto names = names_in_order(request.target);
  if (names.size() < order.size()
      || !std::equal(order.begin(), order.end(), names.begin()))
    return "参数缺失或次序错误";
  if (request.get_param_value("appid") != in.how.app_id)
    return "appid 参数错误 (10012)";
  auto uri = request.get_param_value("redirect_uri");
  if (!uri.starts_with("http://") && !uri.starts_with("https://"))
    return "redirect_uri 参数错误 (10011)";
  auto scope = request.get_param_value("scope");
  if (request.get_param_value("response_type") != "code"
      || (scope != wechat::scope_base && scope != wechat::scope_userinfo))
    return "scope 参数错误 (10010)";
  if (!wechat::is_carried_state(request.get_param_value("state")))
    return "state 参数错误 (10013)";
  return {};
}

std::string escaped(const std::string& text) {
  std::string out;
  for (auto c : text) {
    if (c == '<' || c == '>' || c == '&' || c == '"' || c == '\'')
      out += "&#" + std::to_string(static_cast<int>(c)) + ';';
    else
      out += c;
  }
  return out;
}

void answer_page(Response& response, const std::string& title,
                 const std::string& body) {
  response.set_content(
    "<!doctype html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><meta "
    "name=\"viewport\" content=\"width=device-width\"><title>"
      + title
      + "</title><style>body{font:16px/1.8 sans-serif;max-width:24rem;margin:"
        "3rem auto;padding:0 1rem}a{display:block;padding:.5rem 0}</style><h1>"
      + title + "</h1>" + body,
    "text/html; charset=utf-8");
}

/// The follower whose browser this is, by query or cookie; empty when unknown.
std::string visitor_of(world& in, const Request& request) {
  auto openid = request.get_param_value(cookie_name);
  if (openid.empty()) {
    auto cookies = request.get_header_value("Cookie");
    auto wanted = std::string{cookie_name} + '=';
    auto at = cookies.find(wanted);
    if (at != std::string::npos)
      openid = cookies.substr(at + wanted.size(),
                              cookies.find(';', at) - at - wanted.size());
  }
  return in.followers.find(openid) == nullptr ? std::string{} : openid;
}

void offer_followers(const world& in, const Request& request,
                     Response& response) {
  std::string links;
  for (const auto* who : in.followers.all())
    links += "<a href=\"" + escaped(request.target) + "&#38;" + cookie_name
             + '=' + escaped(who->openid) + "\">" + escaped(who->nickname)
             + "</a>";
  answer_page(response, "选择微信用户",
              links.empty() ? "<p>请先在沙盒首页添加用户。</p>" : links);
}

void authorize(world& in, const Request& request, Response& response) {
  std::lock_guard lock{in.guard};
  ++in.calls["authorize"];
  auto problem = authorization_problem(in, request);
  if (!problem.empty()) {
    answer_page(response, "授权失败", "<p>" + problem + "</p>");
    return;
  }
  auto openid = visitor_of(in, request);
  if (openid.empty()) {
    offer_followers(in, request, response);
    return;
  }
  auto code =
    in.codes.issue({openid, request.get_param_value("scope")}, in.time.now());
  auto uri = request.get_param_value("redirect_uri");
  uri += uri.find('?') == std::string::npos ? '?' : '&';
  uri += "code=" + code + "&state=" + request.get_param_value("state");
  response.set_header("Set-Cookie", std::string{cookie_name} + '=' + openid
                                      + "; Path=/; SameSite=Lax");
  response.set_redirect(uri);
}

json oauth_token(world& in, const Request& request, const fault& wrong) {
  check_application(in, request.get_param_value("appid"),
                    request.get_param_value("secret"));
  if (request.get_param_value("grant_type") != "authorization_code")
    throw refusal{40002, "invalid grant_type"};
  auto outcome =
    in.codes.redeem(request.get_param_value("code"), in.time.now());
  if (auto* errcode = std::get_if<int>(&outcome))
    throw refusal{*errcode, *errcode == 40163   ? "code been used"
                            : *errcode == 42003 ? "code expired"
                                                : "invalid code"};
  const auto& grant = std::get<code_desk::grant>(outcome);
  json out = {{"access_token", "OAUTH_" + new_token()},
              {"expires_in", 7200},
              {"refresh_token", "REFRESH_" + new_token()},
              {"openid", grant.openid},
              {"scope", grant.scope}};
  if (wrong.snapshot)
    out["is_snapshotuser"] = 1;
  return out;
}

// -- messages
// -------------------------------------------------------------------

json template_send(world& in, const Request& request) {
  check_token(in, request);
  auto body = object_in(request, 47001);
  auto sent = in.templates.send(body, in.followers, in.time.now());
  if (sent.errcode != 0)
    throw refusal{sent.errcode, sent.errmsg};
  if (!sent.repeated) {
    auto report =
      in.push_of(body.at("touser").get<std::string>(), "TEMPLATESENDJOBFINISH");
    report.msg_id = std::to_string(sent.msgid);
    report.status = "success";
    in.deliver("template_report", std::move(report));
  }
  return {{"errcode", 0}, {"errmsg", "ok"}, {"msgid", sent.msgid}};
}

// -- QR code, menu, ticket, user
// ------------------------------------------------

std::string scene_of(const json& body) {
  const auto& scene = body.at("action_info").at("scene");
  if (scene.contains("scene_id"))
    return std::to_string(scene.at("scene_id").get<std::int64_t>());
  return scene.at("scene_str").get<std::string>();
}

json create_qr_code(world& in, const Request& request) {
  check_token(in, request);
  auto body = object_in(request, 47001);
  auto seconds = body.value("expire_seconds", default_qr_seconds);
  auto scene = scene_of(body);
  if (seconds < 1 || seconds > max_qr_seconds || scene.empty()
      || scene.size() > max_scene_bytes)
    throw refusal{40053, "invalid action info"};
  auto ticket = "gQ" + new_token() + new_token();
  in.qr_codes[ticket] = {scene, in.time.now() + std::chrono::seconds{seconds}};
  return {
    {"ticket", ticket},
    {"expire_seconds", seconds},
    {"url", "http://" + request.get_header_value("Host") + "/q/" + ticket}};
}

json create_menu(world& in, const Request& request) {
  check_token(in, request);
  auto body = object_in(request, 47001);
  const auto& buttons = body.at("button");
  if (!buttons.is_array() || buttons.empty() || buttons.size() > 3)
    throw refusal{40016, "invalid button size"};
  in.menu = {{"button", buttons}};
  return {{"errcode", 0}, {"errmsg", "ok"}};
}

json get_menu(world& in, const Request& request) {
  check_token(in, request);
  if (in.menu.is_null())
    throw refusal{46003, "menu no exist"};
  return {{"menu", in.menu}};
}

json delete_menu(world& in, const Request& request) {
  check_token(in, request);
  in.menu = nullptr;
  return {{"errcode", 0}, {"errmsg", "ok"}};
}

json get_ticket(world& in, const Request& request) {
  check_token(in, request);
  auto now = in.time.now();
  if (now >= in.jsapi_ticket_end) {
    in.jsapi_ticket = new_token() + new_token();
    in.jsapi_ticket_end = now + jsapi_ticket_lifetime;
  }
  auto left =
    std::chrono::floor<std::chrono::seconds>(in.jsapi_ticket_end - now);
  return {{"errcode", 0},
          {"errmsg", "ok"},
          {"ticket", in.jsapi_ticket},
          {"expires_in", left.count()}};
}

json user_info(world& in, const Request& request) {
  check_token(in, request);
  auto* who = in.followers.find(request.get_param_value("openid"));
  if (who == nullptr)
    throw refusal{40003, "invalid openid"};
  if (!who->subscribed)
    return {{"subscribe", 0}, {"openid", who->openid}};
  return {{"subscribe", 1},
          {"openid", who->openid},
          {"subscribe_time", unix_seconds(who->subscribed_at)},
          {"remark", ""},
          {"groupid", 0},
          {"tagid_list", json::array()},
          {"subscribe_scene", "ADD_SCENE_SEARCH"}};
}

} // namespace

void add_platform_routes(httplib::Server& server, world& in) {
  using plain = json (*)(world&, const Request&);
  auto served = [&in](const char* api, plain handler) {
    return served_by(in, api,
                     [&in, handler](const Request& request, const fault&) {
                       return handler(in, request);
                     });
  };
  server.Get("/cgi-bin/token", served("token", token));
  server.Post("/cgi-bin/stable_token", served("stable_token", stable_token));
  server.Post("/cgi-bin/message/template/send",
              served("template_send", template_send));
  server.Post("/cgi-bin/qrcode/create", served("qrcode", create_qr_code));
  server.Get("/cgi-bin/ticket/getticket", served("ticket", get_ticket));
  server.Post("/cgi-bin/menu/create", served("menu", create_menu));
  server.Get("/cgi-bin/menu/get", served("menu", get_menu));
  server.Get("/cgi-bin/menu/delete", served("menu", delete_menu));
  server.Get("/cgi-bin/user/info", served("user_info", user_info));
  server.Get(
    "/sns/oauth2/access_token",
    served_by(in, "oauth", [&in](const Request& request, const fault& wrong) {
      return oauth_token(in, request, wrong);
    }));
  server.Get("/connect/oauth2/authorize",
             [&in](const Request& request, Response& response) {
               authorize(in, request, response);
             });
}

} // namespace zhiku::sandbox
