#pragma once
// The POST that both carriers need: JSON back. For this folder.

#include "outgoing/client.hpp"
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
  http_call(const std::string& base_url, const settings& how,
            std::shared_ptr<outgoing::client> via);

  const std::string& host() const {
    return where_.host;
  }

  /// Whether the request may arrive twice without harm: a question may, a
  /// message must not (outgoing/message.hpp).
  enum class arrives { once, any_times };

  /// Waits for the answer, whatever its HTTP status.
  answer post(const std::string& query,
              const std::map<std::string, std::string>& headers,
              const std::string& body, arrives times);

private:
  url_parts where_;
  outgoing::limits within_;
  std::shared_ptr<outgoing::client> via_;
};

} // namespace zhiku::sms
