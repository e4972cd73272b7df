#include "wechat/api.hpp"

#include "base/encoding.hpp"
#include "wechat/api_connection.hpp"
#include "wechat/media_type.hpp"

namespace zhiku::wechat {

using nlohmann::json;

namespace {

api_error malformed() {
  return {failure::malformed, 0, 200, "answer lacks what was asked for"};
}

result<std::monostate> nothing_of(const result<json>& answer) {
  if (!answer)
    return answer.error();
  return std::monostate{};
}

/// `{"thing1": "x"}` as `{"thing1": {"value": "x"}}`.
json data_of(const std::map<std::string, std::string>& fields) {
  json out = json::object();
  for (const auto& [name, value] : fields)
    out[name] = {{"value", value}};
  return out;
}

json body_of(const template_message& message) {
  json body = {{"touser", message.touser},
               {"template_id", message.template_id},
               {"data", data_of(message.data)}};
  if (!message.url.empty())
    body["url"] = message.url;
  if (!message.client_msg_id.empty())
    body["client_msg_id"] = message.client_msg_id;
  return body;
}

json body_of(const subscription_message& message) {
  json body = {{"touser", message.touser},
               {"template_id", message.template_id},
               {"data", data_of(message.data)}};
  if (!message.page.empty())
    body["page"] = message.page;
  return body;
}

result<visitor> visitor_of(const result<json>& answer) {
  if (!answer)
    return answer.error();
  visitor out{text_in(*answer, "openid"),
              text_in(*answer, "unionid"),
              text_in(*answer, "scope"),
              number_in(*answer, "is_snapshotuser") == 1,
              text_in(*answer, "access_token"),
              text_in(*answer, "refresh_token"),
              seconds_in(*answer, "expires_in")};
  if (out.openid.empty())
    return malformed();
  return out;
}

result<qr_code> qr_code_of(const result<json>& answer) {
  if (!answer)
    return answer.error();
  qr_code out{text_in(*answer, "ticket"), text_in(*answer, "url"),
              seconds_in(*answer, "expire_seconds")};
  if (out.ticket.empty() || out.url.empty())
    return malformed();
  return out;
}

/// What `read` makes of an answer, for `done`.
template <class T>
answer<json> then(result<T> (*read)(const result<json>&), answer<T> done) {
  return [read, done = std::move(done)](const result<json>& got) {
    done(read(got));
  };
}

follower follower_of(const json& from) {
  return {text_in(from, "openid"), text_in(from, "unionid"),
          number_in(from, "subscribe") == 1,
          std::chrono::sys_seconds{seconds_in(from, "subscribe_time")}};
}

result<std::vector<std::string>> addresses_of(const result<json>& answer) {
  if (!answer)
    return answer.error();
  auto out = texts_in(*answer, "ip_list");
  if (out.empty())
    return malformed();
  return out;
}

} // namespace

// -- requests -----------------------------------------------------------------

api::connection::prepared
api::connection::exchange_of(std::string_view code) const {
  return to_get("/sns/oauth2/access_token",
                {{"appid", who.app_id},
                 {"secret", who.app_secret},
                 {"code", code},
                 {"grant_type", "authorization_code"}},
                code);
}

api::connection::prepared
api::connection::text_of(const std::string& token, std::string_view openid,
                         std::string_view text) const {
  json body = {
    {"touser", openid}, {"msgtype", "text"}, {"text", {{"content", text}}}};
  return to_post("/cgi-bin/message/custom/send", {{"access_token", token}},
                 body, token);
}

api::connection::prepared
api::connection::qr_of(const std::string& token, std::string_view scene,
                       std::chrono::seconds lifetime) const {
  json body = {{"expire_seconds", lifetime.count()},
               {"action_name", "QR_STR_SCENE"},
               {"action_info", {{"scene", {{"scene_str", scene}}}}}};
  return to_post("/cgi-bin/qrcode/create", {{"access_token", token}}, body,
                 token, arrives::any_times);
}

// -- the API ------------------------------------------------------------------

api::api(account who, std::shared_ptr<outgoing::client> via,
         call_timeouts timeouts)
    : connection_(
      std::make_shared<connection>(std::move(who), std::move(via), timeouts)) {
  // nop
}

api::~api() = default;
api::api(api&&) noexcept = default;
api& api::operator=(api&&) noexcept = default;

void api::observe(std::function<void(const call_report&)> seen) {
  connection_->seen = std::move(seen);
}

// -- people who authorise -----------------------------------------------------

result<visitor> api::exchange_code(std::string_view code) {
  return visitor_of(connection_->answer_to(connection_->exchange_of(code)));
}

void api::exchange_code(std::string_view code, answer<visitor> done) {
  connection_->send(connection_->exchange_of(code), then(visitor_of, done));
}

result<visitor> api::refresh_visitor(std::string_view refresh_token) {
  return visitor_of(connection_->get("/sns/oauth2/refresh_token",
                                     {{"appid", connection_->who.app_id},
                                      {"grant_type", "refresh_token"},
                                      {"refresh_token", refresh_token}},
                                     refresh_token));
}

result<profile> api::visitor_profile(std::string_view access_token,
                                     std::string_view openid) {
  auto answer = connection_->get(
    "/sns/userinfo",
    {{"access_token", access_token}, {"openid", openid}, {"lang", "zh_CN"}},
    access_token);
  if (!answer)
    return answer.error();
  profile out{text_in(*answer, "openid"), text_in(*answer, "unionid"),
              text_in(*answer, "nickname"), text_in(*answer, "headimgurl")};
  if (out.openid.empty())
    return malformed();
  return out;
}

result<std::monostate> api::check_visitor(std::string_view access_token,
                                          std::string_view openid) {
  return nothing_of(connection_->get(
    "/sns/auth", {{"access_token", access_token}, {"openid", openid}},
    access_token));
}

// -- the account's credentials ------------------------------------------------

result<token_grant> api::stable_token(bool force) {
  auto answer = connection_->post(
    "/cgi-bin/stable_token", {},
    {{"grant_type", "client_credential"},
     {"appid", connection_->who.app_id},
     {"secret", connection_->who.app_secret},
     {"force_refresh", force}},
    {}, force ? connection::arrives::once : connection::arrives::any_times);
  if (!answer)
    return answer.error();
  token_grant out{text_in(*answer, "access_token"),
                  seconds_in(*answer, "expires_in")};
  if (out.token.empty() || out.expires_in.count() <= 0)
    return malformed();
  return out;
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

// -- messages -----------------------------------------------------------------

result<std::string> api::send_template(const std::string& token,
                                       const template_message& message) {
  auto answer = connection_->post(
    "/cgi-bin/message/template/send", {{"access_token", token}},
    body_of(message), token,
    message.client_msg_id.empty() ? connection::arrives::once
                                  : connection::arrives::any_times);
  if (!answer)
    return answer.error();
  auto msgid = text_in(*answer, "msgid");
  if (msgid.empty())
    return malformed();
  return msgid;
}

result<std::vector<private_template>>
api::private_templates(const std::string& token) {
  auto answer = connection_->get("/cgi-bin/template/get_all_private_template",
                                 {{"access_token", token}}, token);
  if (!answer)
    return answer.error();
  std::vector<private_template> out;
  for (const auto& each : list_in(*answer, "template_list"))
    out.push_back({text_in(each, "template_id"), text_in(each, "title"),
                   text_in(each, "content"), text_in(each, "example")});
  return out;
}

result<std::monostate>
api::send_subscription(const std::string& token,
                       const subscription_message& message) {
  return nothing_of(connection_->post("/cgi-bin/message/subscribe/bizsend",
                                      {{"access_token", token}},
                                      body_of(message), token));
}

// -- menu, QR code, media -----------------------------------------------------

result<std::monostate> api::send_customer_text(const std::string& token,
                                               std::string_view openid,
                                               std::string_view text) {
  return nothing_of(
    connection_->answer_to(connection_->text_of(token, openid, text)));
}

void api::send_customer_text(const std::string& token, std::string_view openid,
                             std::string_view text,
                             answer<std::monostate> done) {
  connection_->send(connection_->text_of(token, openid, text),
                    then(nothing_of, done));
}

result<qr_code> api::create_qr_code(const std::string& token,
                                    std::string_view scene,
                                    std::chrono::seconds lifetime) {
  return qr_code_of(
    connection_->answer_to(connection_->qr_of(token, scene, lifetime)));
}

void api::create_qr_code(const std::string& token, std::string_view scene,
                         std::chrono::seconds lifetime, answer<qr_code> done) {
  connection_->send(connection_->qr_of(token, scene, lifetime),
                    then(qr_code_of, done));
}

result<std::monostate> api::create_menu(const std::string& token,
                                        const json& menu) {
  return nothing_of(connection_->post("/cgi-bin/menu/create",
                                      {{"access_token", token}}, menu, token,
                                      connection::arrives::any_times));
}

result<json> api::get_menu(const std::string& token) {
  return connection_->get("/cgi-bin/menu/get", {{"access_token", token}},
                          token);
}

result<std::monostate> api::delete_menu(const std::string& token) {
  return nothing_of(
    connection_->get("/cgi-bin/menu/delete", {{"access_token", token}}, token));
}

result<media_file> api::get_media(const std::string& token,
                                  std::string_view media_id,
                                  std::size_t max_bytes) {
  auto answer = connection_->get_bytes(
    "/cgi-bin/media/get", {{"access_token", token}, {"media_id", media_id}},
    token, max_bytes);
  if (!answer)
    return answer.error();
  return media_file{*answer, media_type_of(*answer)};
}

// -- followers ----------------------------------------------------------------

result<follower> api::user_info(const std::string& token,
                                std::string_view openid) {
  auto answer = connection_->get(
    "/cgi-bin/user/info",
    {{"access_token", token}, {"openid", openid}, {"lang", "zh_CN"}}, token);
  if (!answer)
    return answer.error();
  auto out = follower_of(*answer);
  if (out.openid.empty())
    return malformed();
  return out;
}

result<std::vector<follower>>
api::user_infos(const std::string& token,
                std::span<const std::string> openids) {
  json body = {{"user_list", json::array()}};
  for (const auto& openid : openids)
    body["user_list"].push_back({{"openid", openid}, {"lang", "zh_CN"}});
  auto answer =
    connection_->post("/cgi-bin/user/info/batchget", {{"access_token", token}},
                      body, token, connection::arrives::any_times);
  if (!answer)
    return answer.error();
  std::vector<follower> out;
  for (const auto& each : list_in(*answer, "user_info_list"))
    out.push_back(follower_of(each));
  return out;
}

result<follower_page> api::followers(const std::string& token,
                                     std::string_view from) {
  auto answer =
    connection_->get("/cgi-bin/user/get",
                     {{"access_token", token}, {"next_openid", from}}, token);
  if (!answer)
    return answer.error();
  follower_page out{number_in(*answer, "total"), {}, {}};
  // Even the last page names its last openid; the one after it is empty.
  if (auto data = answer->find("data"); data != answer->end())
    out.openids = texts_in(*data, "openid");
  if (!out.openids.empty())
    out.next_openid = text_in(*answer, "next_openid");
  return out;
}

// -- addresses and quotas -----------------------------------------------------

result<std::vector<std::string>>
api::callback_addresses(const std::string& token) {
  return addresses_of(connection_->get("/cgi-bin/getcallbackip",
                                       {{"access_token", token}}, token));
}

result<std::vector<std::string>> api::api_addresses(const std::string& token) {
  return addresses_of(connection_->get("/cgi-bin/get_api_domain_ip",
                                       {{"access_token", token}}, token));
}

result<std::monostate> api::clear_quota(const std::string& token) {
  return nothing_of(
    connection_->post("/cgi-bin/clear_quota", {{"access_token", token}},
                      {{"appid", connection_->who.app_id}}, token));
}

result<std::monostate> api::clear_quota_by_secret() {
  const auto& who = connection_->who;
  // Libraries disagree whether the two belong in the query or in the body.
  return nothing_of(
    connection_->post("/cgi-bin/clear_quota/v2",
                      {{"appid", who.app_id}, {"appsecret", who.app_secret}},
                      {{"appid", who.app_id}, {"appsecret", who.app_secret}}));
}

result<quota> api::quota_of(const std::string& token, std::string_view path) {
  auto answer = connection_->post(
    "/cgi-bin/openapi/quota/get", {{"access_token", token}},
    {{"cgi_path", path}}, token, connection::arrives::any_times);
  if (!answer)
    return answer.error();
  auto found = answer->find("quota");
  if (found == answer->end() || !found->is_object())
    return malformed();
  return quota{number_in(*found, "daily_limit"), number_in(*found, "used"),
               number_in(*found, "remain")};
}

std::string qr_image_url(std::string_view mp_base, std::string_view ticket) {
  std::string url{mp_base};
  return url + "/cgi-bin/showqrcode?ticket=" + percent_encode(ticket);
}

} // namespace zhiku::wechat
