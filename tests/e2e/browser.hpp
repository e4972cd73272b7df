#pragma once
// What stands in for a person's browser, or a clerk's: cookies by host, the
// CSRF header, and a record of each exchange to tell or to blame.

#include <map>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::e2e {

using nlohmann::json;

/// One request and what came back.
struct exchange {
  std::string method;
  std::string url;
  std::string sent;
  int status = 0; ///< 0: no answer at all
  std::string location = {};
  std::string received = {};

  bool ok() const {
    return status >= 200 && status < 300;
  }

  /// The answer; null when it is not JSON.
  json body() const;
};

/// The story cannot go on. `what()` holds the exchange that stopped it.
class broken_story : public std::runtime_error {
public:
  broken_story(const std::string& expected, const exchange& seen);
};

/// Returns `seen` if it sends the browser elsewhere.
/// @throws broken_story
exchange expect_redirect(exchange seen);

/// Returns `seen` if it succeeded.
/// @throws broken_story
exchange expect_ok(exchange seen);

class browser {
public:
  void set_cookie(const std::string& url, const std::string& name,
                  const std::string& value);

  /// From now on requests carry this token instead of relying on cookies.
  void use_bearer(std::string token);

  /// The key of all writes from now on; "": each has one of its own.
  void use_key(std::string key);

  /// Sends without following redirects. Writes carry an idempotency key and,
  /// where the host set one, the CSRF token.
  exchange get(const std::string& url);
  exchange post(const std::string& url, const json& body);
  exchange put(const std::string& url, const json& body);

private:
  exchange send(const std::string& method, const std::string& url,
                const std::string& body);

  std::map<std::string, std::map<std::string, std::string>> cookies_;
  std::string bearer_;
  std::string key_;
};

} // namespace zhiku::e2e
