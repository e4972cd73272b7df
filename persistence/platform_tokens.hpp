#pragma once
// The platform's tokens as all nodes share them (PROTOCOL 2, 6): a row each,
// sealed, locked while somebody fetches a new one. Blocking; one thread.

#include "persistence/database.hpp"
#include "persistence/vault.hpp"

#include <functional>
#include <optional>
#include <string>

namespace zhiku::persistence {

struct platform_token {
  std::string text;
  domain::instant renew_at{}; ///< from then on somebody should renew it
  domain::instant expires_at{};
};

class platform_tokens {
public:
  platform_tokens(std::string dsn, vault& keys);

  /// Gets a fresh token from the platform; nothing when it gives none. May
  /// take as long as a call of the platform does.
  /// @param held  what is stored; nothing for the first
  using fetcher = std::function<std::optional<platform_token>(
    const std::optional<platform_token>& held)>;

  enum class when_busy { wait, leave };

  /// The stored token if it is good at `now` and not the one in `failing`; or
  /// else what `fetch` gives, stored for all, while other nodes wait for it.
  /// When that is nothing, the stored one as long as it lives and is not the
  /// one in `failing`.
  /// Nothing when `fetch` gave nothing, or when another node is fetching and
  /// `busy` says to leave.
  domain::result<std::optional<platform_token>>
  renew(const std::string& name, const std::string& failing,
        domain::instant now, when_busy busy, const fetcher& fetch);

  /// Notes that another system replaced the token.
  domain::result<domain::nothing> note_taken(const std::string& name,
                                             domain::instant at);

private:
  database db_;
  vault& vault_;
};

} // namespace zhiku::persistence
