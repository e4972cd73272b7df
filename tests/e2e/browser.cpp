#include "tests/e2e/browser.hpp"

#include "base/random.hpp"

#include <httplib.h>

namespace zhiku::e2e {

namespace {

struct parts {
  std::string origin; ///< http://host:port
  std::string target; ///< path and query, without the fragment
};

parts split(const std::string& url) {
  auto path = url.find('/', url.find("://") + 3);
  auto end = url.find('#');
  if (path == std::string::npos)
    return {url, "/"};
  return {url.substr(0, path),
          url.substr(path, end == std::string::npos ? end : end - path)};
}

std::string describe(const std::string& expected, const exchange& seen) {
  auto answer =
    seen.status == 0 ? std::string{"no answer"} : std::to_string(seen.status);
  return "expected " + expected + "\n  request   " + seen.method + ' '
         + seen.url + "\n            " + seen.sent + "\n  response  " + answer
         + ' ' + seen.location + "\n            " + seen.received;
}

using jar = std::map<std::string, std::string>;

std::string cookie_header(const jar& cookies) {
  std::string text;
  for (const auto& [name, value] : cookies)
    text += (text.empty() ? "" : "; ") + name + '=' + value;
  return text;
}

void keep_cookies(const httplib::Response& from, jar& cookies) {
  auto [first, last] = from.headers.equal_range("Set-Cookie");
  for (auto it = first; it != last; ++it) {
    auto pair = it->second.substr(0, it->second.find(';'));
    auto sign = pair.find('=');
    if (sign != std::string::npos)
      cookies[pair.substr(0, sign)] = pair.substr(sign + 1);
  }
}

/// Menu links may refuse browsers that are not WeChat's.
constexpr auto user_agent = "Mozilla/5.0 (zhiku-journey) MicroMessenger/8.0.50";

constexpr auto answer_limit = std::chrono::seconds{20};

} // namespace

json exchange::body() const {
  return json::parse(received, nullptr, false);
}

broken_story::broken_story(const std::string& expected, const exchange& seen)
    : std::runtime_error(describe(expected, seen)) {
  // nop
}

exchange expect_redirect(exchange seen) {
  if (seen.status < 300 || seen.status > 399 || seen.location.empty())
    throw broken_story{"a redirect", seen};
  return seen;
}

exchange expect_ok(exchange seen) {
  if (!seen.ok())
    throw broken_story{"success", seen};
  return seen;
}

void browser::set_cookie(const std::string& url, const std::string& name,
                         const std::string& value) {
  cookies_[split(url).origin][name] = value;
}

void browser::use_bearer(std::string token) {
  bearer_ = std::move(token);
}

void browser::use_key(std::string key) {
  key_ = std::move(key);
}

exchange browser::get(const std::string& url) {
  return send("GET", url, {});
}

exchange browser::post(const std::string& url, const json& body) {
  return send("POST", url, body.dump());
}

exchange browser::put(const std::string& url, const json& body) {
  return send("PUT", url, body.dump());
}

exchange browser::send(const std::string& method, const std::string& url,
                       const std::string& body) {
  auto [origin, target] = split(url);
  auto& cookies = cookies_[origin];
  httplib::Request request;
  request.method = method;
  request.path = target;
  request.body = body;
  request.set_header("User-Agent", user_agent);
  if (!cookies.empty())
    request.set_header("Cookie", cookie_header(cookies));
  if (!bearer_.empty())
    request.set_header("Authorization", "Bearer " + bearer_);
  if (method != "GET") {
    request.set_header("Content-Type", "application/json");
    request.set_header("Idempotency-Key", key_.empty() ? new_uuid() : key_);
    if (auto token = cookies.find("zhiku_csrf"); token != cookies.end())
      request.set_header("X-CSRF-Token", token->second);
  }
  httplib::Client client{origin};
  client.set_read_timeout(answer_limit);
  auto answer = client.send(request);
  exchange seen{.method = method, .url = url, .sent = body};
  if (!answer)
    return seen;
  keep_cookies(*answer, cookies);
  seen.status = answer->status;
  seen.location = answer->get_header_value("Location");
  seen.received = answer->body;
  return seen;
}

} // namespace zhiku::e2e
