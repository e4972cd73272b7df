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

// For 10 MB, above what an answer without a file may take.
constexpr std::chrono::seconds download_time{30};

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

api_error no_answer(const outgoing::error& why) {
  auto kind = why.code == outgoing::errc::too_large ? failure::malformed
                                                    : failure::unreachable;
  auto detail = std::string{name_of(why.code)} + ": " + why.detail;
  return {kind, 0, 0, std::move(detail)};
}

/// Failures come as JSON whatever was asked for, and content types are not
/// always right (PROTOCOL 0).
bool looks_like_json(const std::string& body, std::string_view content_type) {
  if (body.starts_with('{'))
    return true;
  return media_type_of(body).empty()
         && (content_type.find("json") != std::string_view::npos
             || content_type.starts_with("text/"));
}

/// Measures a call for the ledger, from its making on.
class stopwatch {
public:
  explicit stopwatch(std::string path) : path_(std::move(path)) {
    // nop
  }

  template <class T>
  call_report report(const result<T>& outcome) const {
    call_report out;
    out.path = path_;
    out.took = std::chrono::duration_cast<std::chrono::microseconds>(
      std::chrono::steady_clock::now() - begun_);
    if (!outcome) {
      out.failed = outcome.error().kind;
      out.errcode = outcome.error().errcode;
    }
    return out;
  }

private:
  std::string path_;
  std::chrono::steady_clock::time_point begun_ =
    std::chrono::steady_clock::now();
};

} // namespace

api::connection::connection(account owner,
                            std::shared_ptr<outgoing::client> via,
                            call_timeouts timeouts)
    : who(std::move(owner)), via_(std::move(via)), timeouts_(timeouts) {
  // nop
}

// -- requests -----------------------------------------------------------------

outgoing::request api::connection::request_to(std::string_view path,
                                              const parameters& query) const {
  outgoing::request out;
  out.url = who.api_base + target_of(path, query);
  out.within.connect = timeouts_.connect;
  out.within.total = timeouts_.total;
  return out;
}

api::connection::prepared
api::connection::to_get(std::string_view path, const parameters& query,
                        std::string_view secret) const {
  prepared out{std::string{path}, std::string{secret}, request_to(path, query)};
  out.request.repeatable = true;
  return out;
}

api::connection::prepared api::connection::to_post(std::string_view path,
                                                   const parameters& query,
                                                   const json& body,
                                                   std::string_view secret,
                                                   arrives times) const {
  prepared out{std::string{path}, std::string{secret}, request_to(path, query)};
  out.request.by = outgoing::method::post;
  out.request.headers = {{"Content-Type", "application/json"}};
  // Text that is not UTF-8 is our own mistake, yet must not throw here.
  out.request.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  out.request.repeatable = times == arrives::any_times;
  return out;
}

// -- calls --------------------------------------------------------------------

result<json> api::connection::answer_to(prepared call) {
  stopwatch watch{call.path};
  auto outcome = judge(via_->wait_for(std::move(call.request)), call.secret);
  if (seen)
    seen(watch.report(outcome));
  return outcome;
}

void api::connection::send(prepared call, answer<json> done) {
  auto request = std::move(call.request);
  via_->send(std::move(request),
             [self = shared_from_this(), watch = stopwatch{call.path},
              secret = std::move(call.secret),
              done = std::move(done)](const outgoing::result& got) {
               auto outcome = self->judge(got, secret);
               if (self->seen)
                 self->seen(watch.report(outcome));
               done(std::move(outcome));
             });
}

result<json> api::connection::get(std::string_view path,
                                  const parameters& query,
                                  std::string_view secret) {
  return answer_to(to_get(path, query, secret));
}

result<json> api::connection::post(std::string_view path,
                                   const parameters& query, const json& body,
                                   std::string_view secret, arrives times) {
  return answer_to(to_post(path, query, body, secret, times));
}

result<std::string> api::connection::get_bytes(std::string_view path,
                                               const parameters& query,
                                               std::string_view secret,
                                               std::size_t max_bytes) {
  stopwatch watch{std::string{path}};
  auto call = to_get(path, query, secret);
  call.request.within.body_bytes = max_bytes;
  call.request.within.total += download_time;
  auto outcome = judge_bytes(via_->wait_for(std::move(call.request)), secret);
  if (seen)
    seen(watch.report(outcome));
  return outcome;
}

// -- answers ------------------------------------------------------------------

result<std::string>
api::connection::judge_bytes(const outgoing::result& got,
                             std::string_view secret) const {
  if (!got)
    return no_answer(got.error());
  if (got->status != 200)
    return api_error{failure::http, 0, got->status, "HTTP status"};
  if (!looks_like_json(got->body, got->header("content-type")))
    return got->body;
  auto verdict = judge(got->body, secret);
  if (!verdict)
    return verdict.error();
  return api_error{failure::malformed, 0, 200, "answer is not a file"};
}

result<json> api::connection::judge(const outgoing::result& got,
                                    std::string_view secret) const {
  if (!got)
    return no_answer(got.error());
  if (got->status != 200)
    return api_error{failure::http, 0, got->status, "HTTP status"};
  return judge(got->body, secret);
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
