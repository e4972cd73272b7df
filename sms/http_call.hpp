#pragma once
// The POST that both carriers need: keep-alive, JSON back. For this folder.

#include "sms/carrier.hpp"
#include "sms/url.hpp"

#include <map>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::sms {

class http_call {
public:
  struct answer {
    nlohmann::json body;        ///< an object, or null without a usable answer
    bool may_have_acted = true; ///< false: the request surely never arrived

    /// What to make of a null body.
    result unanswered() const {
      return {may_have_acted ? verdict::unknown : verdict::retry, {}, {}};
    }
  };

  /// @param base_url  scheme, host, and perhaps a path
  http_call(const std::string& base_url, const settings& how);
  ~http_call();

  const std::string& host() const {
    return where_.host;
  }

  /// Waits for the answer, whatever its HTTP status.
  answer post(const std::string& query,
              const std::map<std::string, std::string>& headers,
              const std::string& body);

private:
  struct client;

  url_parts where_;
  std::unique_ptr<client> client_;
};

} // namespace zhiku::sms
