#include "wechat/api_connection.hpp"

#include "base/encoding.hpp"
#include "base/lenient_json.hpp"
#include "base/utf8.hpp"
#include "wechat/media_type.hpp"

#include <charconv>

namespace zhiku::wechat {

using nlohmann::json;

namespace {

constexpr std::size_t max_errmsg_bytes = 200;
constexpr std::string_view withheld = "***";

template <class Parameters>
std::string target_of(std::string_view path, const Parameters& query) {
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

void withhold(std::string& text, std::string_view secret) {
  if (secret.empty())
    return;
  for (auto at = text.find(secret); at != std::string::npos;
       at = text.find(secret, at + withheld.size()))
    text.replace(at, secret.size(), withheld);
}

api_error unreachable(const httplib::Result& answer) {
  return {failure::unreachable, 0, 0, httplib::to_string(answer.error())};
}

/// Failures come as JSON whatever was asked for, and content types are not
/// always right (PROTOCOL 0).
bool looks_like_json(const std::string& body, const std::string& content_type) {
  if (body.starts_with('{'))
    return true;
  return media_type_of(body).empty()
         && (content_type.find("json") != std::string::npos
             || content_type.starts_with("text/"));
}

template <class T>
call_report report_of(std::string_view path, const result<T>& outcome,
                      std::chrono::steady_clock::duration took) {
  call_report out;
  out.path = path;
  out.took = std::chrono::duration_cast<std::chrono::microseconds>(took);
  if (!outcome) {
    out.failed = outcome.error().kind;
    out.errcode = outcome.error().errcode;
  }
  return out;
}

} // namespace

api::connection::connection(account owner, call_timeouts timeouts)
    : who(std::move(owner)), client_(who.api_base) {
  client_.set_keep_alive(true);
  client_.set_tcp_nodelay(true);
  client_.set_url_encode(false);
  client_.set_connection_timeout(timeouts.connect);
  client_.set_write_timeout(timeouts.answer);
  client_.set_read_timeout(timeouts.answer);
}

template <class Call>
auto api::connection::observed(std::string_view path, Call call) {
  auto begun = std::chrono::steady_clock::now();
  auto outcome = call();
  if (seen)
    seen(report_of(path, outcome, std::chrono::steady_clock::now() - begun));
  return outcome;
}

result<json> api::connection::get(std::string_view path,
                                  const parameters& query,
                                  std::string_view secret) {
  return observed(
    path, [&] { return judge(client_.Get(target_of(path, query)), secret); });
}

result<json> api::connection::post(std::string_view path,
                                   const parameters& query, const json& body,
                                   std::string_view secret) {
  // Text that is not UTF-8 is our own mistake, yet must not throw here.
  auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return observed(path, [&] {
    return judge(client_.Post(target_of(path, query), text, "application/json"),
                 secret);
  });
}

result<std::string> api::connection::get_bytes(std::string_view path,
                                               const parameters& query,
                                               std::string_view secret,
                                               std::size_t max_bytes) {
  return observed(path, [&]() -> result<std::string> {
    std::string body;
    auto too_large = false;
    auto answer = client_.Get(target_of(path, query),
                              [&](const char* data, std::size_t size) {
                                too_large = size > max_bytes - body.size();
                                if (!too_large)
                                  body.append(data, size);
                                return !too_large;
                              });
    if (too_large)
      return api_error{failure::malformed, 0, 200, "file is too large"};
    if (!answer)
      return unreachable(answer);
    if (answer->status != 200)
      return api_error{failure::http, 0, answer->status, "HTTP status"};
    if (!looks_like_json(body, answer->get_header_value("Content-Type")))
      return body;
    auto verdict = judge(body, secret);
    if (!verdict)
      return verdict.error();
    return api_error{failure::malformed, 0, 200, "answer is not a file"};
  });
}

result<json> api::connection::judge(const httplib::Result& answer,
                                    std::string_view secret) const {
  if (!answer)
    return unreachable(answer);
  if (answer->status != 200)
    return api_error{failure::http, 0, answer->status, "HTTP status"};
  return judge(answer->body, secret);
}

result<json> api::connection::judge(const std::string& body,
                                    std::string_view secret) const {
  auto parsed = parse_leniently(body);
  if (!parsed.is_object())
    return api_error{failure::malformed, 0, 200, "answer is not JSON"};
  auto errcode = static_cast<int>(number_in(parsed, "errcode"));
  if (errcode != 0)
    return api_error{failure::platform, errcode, 200,
                     told(text_in(parsed, "errmsg"), secret)};
  return parsed;
}

/// The platform's words without what must stay here.
std::string api::connection::told(std::string errmsg,
                                  std::string_view secret) const {
  withhold(errmsg, who.app_secret);
  withhold(errmsg, secret);
  return std::string{prefix_within(errmsg, max_errmsg_bytes)};
}

std::string text_in(const json& from, const char* name) {
  if (!from.is_object())
    return {};
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

const json& list_in(const json& from, const char* name) {
  static const json none = json::array();
  if (!from.is_object())
    return none;
  auto it = from.find(name);
  return it != from.end() && it->is_array() ? *it : none;
}

std::vector<std::string> texts_in(const json& from, const char* name) {
  std::vector<std::string> out;
  for (const auto& each : list_in(from, name))
    if (each.is_string())
      out.push_back(each.get<std::string>());
  return out;
}

} // namespace zhiku::wechat
