#include "wechat/api.hpp"

#include "base/encoding.hpp"
#include "wechat/utf8.hpp"

#include <charconv>
#include <initializer_list>
#include <utility>
#include <vector>

#include <httplib.h>

namespace zhiku::wechat {

using nlohmann::json;

namespace {

constexpr std::size_t max_errmsg_bytes = 200;
constexpr std::string_view withheld = "***";

using parameters =
  std::initializer_list<std::pair<std::string_view, std::string_view>>;

std::string target_of(std::string_view path, const parameters& query) {
  std::string out{path};
  char separator = '?';
  for (const auto& [name, value] : query) {
    out += separator;
    out += name;
    out += '=';
    out += percent_encode(value);
    separator = '&';
  }
  return out;
}

// The platform gives numbers as strings and the reverse (PROTOCOL 0).

std::string text_in(const json& from, const char* name) {
  auto it = from.find(name);
  if (it == from.end())
    return {};
  if (it->is_string())
    return it->get<std::string>();
  return it->is_number() ? it->dump() : std::string{};
}

std::int64_t number_in(const json& from, const char* name) {
  auto text = text_in(from, name);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::chrono::seconds seconds_in(const json& from, const char* name) {
  return std::chrono::seconds{number_in(from, name)};
}

void withhold(std::string& text, std::string_view secret) {
  if (secret.empty())
    return;
  for (auto at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + withheld.size()))
    text.replace(at, secret.size(), withheld);
}

api_error malformed() {
  return {failure::malformed, 0, 200, "answer lacks what was asked for"};
}

result<std::monostate> nothing_of(const result<json>& answer) {
  if (!answer)
    return answer.error();
  return std::monostate{};
}

json body_of(const template_message& message) {
  json body = {{"touser", message.touser},
               {"template_id", message.template_id},
               {"data", json::object()}};
  if (!message.url.empty())
    body["url"] = message.url;
  if (!message.client_msg_id.empty())
    body["client_msg_id"] = message.client_msg_id;
  for (const auto& [name, value] : message.data)
    body["data"][name] = {{"value", value}};
  return body;
}

} // namespace

struct api::connection {
  connection(account owner, call_timeouts timeouts)
      : who(std::move(owner)), client(who.api_base) {
    client.set_keep_alive(true);
    client.set_tcp_nodelay(true);
    client.set_url_encode(false);
    client.set_connection_timeout(timeouts.connect);
    client.set_write_timeout(timeouts.answer);
    client.set_read_timeout(timeouts.answer);
  }

  result<json> get(std::string_view path, const parameters& query,
                   std::string_view token = {}) {
    return judge(client.Get(target_of(path, query)), token);
  }

  result<json> post(std::string_view path, const parameters& query,
                    const json& body, std::string_view token = {}) {
    // Text that is not UTF-8 is our own mistake, yet must not throw here.
    auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return judge(client.Post(target_of(path, query), text, "application/json"),
                 token);
  }

  result<json> judge(const httplib::Result& answer, std::string_view token) {
    if (!answer)
      return api_error{failure::unreachable, 0, 0,
                       httplib::to_string(answer.error())};
    if (answer->status != 200)
      return api_error{failure::http, 0, answer->status, "HTTP status"};
    auto body = json::parse(answer->body, nullptr, false);
    if (!body.is_object())
      return api_error{failure::malformed, 0, 200, "answer is not JSON"};
    auto errcode = static_cast<int>(number_in(body, "errcode"));
    if (errcode != 0)
      return api_error{failure::platform, errcode, 200,
                       told(text_in(body, "errmsg"), token)};
    return body;
  }

  /// The platform's words without what must stay here.
  std::string told(std::string errmsg, std::string_view token) const {
    withhold(errmsg, who.app_secret);
    withhold(errmsg, token);
    return std::string{prefix_within(errmsg, max_errmsg_bytes)};
  }

  account who;
  httplib::Client client;
};

api::api(account who, call_timeouts timeouts)
    : connection_(std::make_unique<connection>(std::move(who), timeouts)) {
  // nop
}

api::~api() = default;
api::api(api&&) noexcept = default;
api& api::operator=(api&&) noexcept = default;

result<visitor> api::exchange_code(std::string_view code) {
  auto answer = connection_->get("/sns/oauth2/access_token",
                                 {{"appid", connection_->who.app_id},
                                  {"secret", connection_->who.app_secret},
                                  {"code", code},
                                  {"grant_type", "authorization_code"}},
                                 code);
  if (!answer)
    return answer.error();
  visitor out{text_in(*answer, "openid"), text_in(*answer, "unionid"),
              text_in(*answer, "scope"),
              number_in(*answer, "is_snapshotuser") == 1};
  if (out.openid.empty())
    return malformed();
  return out;
}

result<token_grant> api::stable_token(bool force) {
  auto answer = connection_->post("/cgi-bin/stable_token", {},
                                  {{"grant_type", "client_credential"},
                                   {"appid", connection_->who.app_id},
                                   {"secret", connection_->who.app_secret},
                                   {"force_refresh", force}});
  if (!answer)
    return answer.error();
  token_grant out{text_in(*answer, "access_token"),
                  seconds_in(*answer, "expires_in")};
  if (out.token.empty() || out.expires_in.count() <= 0)
    return malformed();
  return out;
}

result<std::string> api::send_template(const std::string& token,
                                       const template_message& message) {
  auto answer =
    connection_->post("/cgi-bin/message/template/send",
                      {{"access_token", token}}, body_of(message), token);
  if (!answer)
    return answer.error();
  auto msgid = text_in(*answer, "msgid");
  if (msgid.empty())
    return malformed();
  return msgid;
}

result<ticket_grant> api::get_ticket(const std::string& token) {
  auto answer =
    connection_->get("/cgi-bin/ticket/getticket",
                     {{"access_token", token}, {"type", "jsapi"}}, token);
  if (!answer)
    return answer.error();
  ticket_grant out{text_in(*answer, "ticket"),
                   seconds_in(*answer, "expires_in")};
  if (out.ticket.empty() || out.expires_in.count() <= 0)
    return malformed();
  return out;
}

result<qr_code> api::create_qr_code(const std::string& token,
                                    std::string_view scene,
                                    std::chrono::seconds lifetime) {
  json body = {{"expire_seconds", lifetime.count()},
               {"action_name", "QR_STR_SCENE"},
               {"action_info", {{"scene", {{"scene_str", scene}}}}}};
  auto answer = connection_->post("/cgi-bin/qrcode/create",
                                  {{"access_token", token}}, body, token);
  if (!answer)
    return answer.error();
  qr_code out{text_in(*answer, "ticket"), text_in(*answer, "url"),
              seconds_in(*answer, "expire_seconds")};
  if (out.ticket.empty() || out.url.empty())
    return malformed();
  return out;
}

result<std::monostate> api::create_menu(const std::string& token,
                                        const json& menu) {
  return nothing_of(connection_->post("/cgi-bin/menu/create",
                                      {{"access_token", token}}, menu, token));
}

result<json> api::get_menu(const std::string& token) {
  return connection_->get("/cgi-bin/menu/get", {{"access_token", token}},
                          token);
}

result<std::monostate> api::delete_menu(const std::string& token) {
  return nothing_of(
    connection_->get("/cgi-bin/menu/delete", {{"access_token", token}}, token));
}

result<follower> api::user_info(const std::string& token,
                                std::string_view openid) {
  auto answer = connection_->get(
    "/cgi-bin/user/info",
    {{"access_token", token}, {"openid", openid}, {"lang", "zh_CN"}}, token);
  if (!answer)
    return answer.error();
  follower out{text_in(*answer, "openid"), text_in(*answer, "unionid"),
               number_in(*answer, "subscribe") == 1,
               std::chrono::sys_seconds{seconds_in(*answer, "subscribe_time")}};
  if (out.openid.empty())
    return malformed();
  return out;
}

std::string qr_image_url(std::string_view mp_base, std::string_view ticket) {
  std::string url{mp_base};
  return url + "/cgi-bin/showqrcode?ticket=" + percent_encode(ticket);
}

} // namespace zhiku::wechat
