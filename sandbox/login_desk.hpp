#pragma once
// Logins of the website application by QR code (PROTOCOL 4a). Time is given.
// Not thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace zhiku::sandbox {

class login_desk {
public:
  enum class state { waiting, scanned, confirmed, refused };

  struct login {
    std::string redirect_uri;
    std::string state_text; ///< the application's `state`
    state now = state::waiting;
    std::string code; ///< of a confirmed one
    instant expires_at{};
  };

  /// The id that the page and the QR code carry.
  std::string open(std::string redirect_uri, std::string state_text,
                   instant now);

  /// Null when unknown or expired.
  login* find(const std::string& id, instant now);

  /// Logins that wait to be scanned, by id.
  std::vector<std::pair<std::string, login>> waiting(instant now) const;

private:
  std::map<std::string, login> logins_;
};

} // namespace zhiku::sandbox
