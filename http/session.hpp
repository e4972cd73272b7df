#pragma once
// Logins (RULES 1.7): opaque tokens that only their holder knows; the database
// keeps SHA-256 of them. A session ends when idle for too long, at its absolute
// end, or when revoked. The channel is that of the login, for good.

#include "actors/gateway.hpp"
#include "http/session_secrets.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/sessions.hpp"

#include <mutex>
#include <unordered_map>

namespace zhiku::http {

using session = persistence::session_row;
using domain::instant;
using domain::seconds;

struct session_limits {
  seconds idle{30 * 60};
  seconds absolute{12 * 3600};
  /// How long another node's revocation may go unseen; staff rights at once, so
  /// to say: their sessions are read anew each second (decision 0009).
  seconds cached{5};
  seconds staff_cached{1};
  std::size_t cache_entries = 65'536;
};

/// Why a session ends when its person goes on under another identity.
inline constexpr auto identity_changed_reason = "IDENTITY_CHANGED";

/// Why it ends when a visitor has become somebody.
inline constexpr auto renewed_reason = "RENEWED";

/// Neither revoked nor idle for too long nor past its end.
bool is_live(const session& one, instant now, seconds idle);

/// Hex of SHA-256: what is stored in place of a token.
std::string token_hash(std::string_view token);

/// What `new_token` makes; anything else is refused without a look-up.
bool is_token(std::string_view text);

/// Sessions just seen, so that busy ones cost no SQL. Thread-safe. Holds at
/// most `limit` of them.
class session_cache {
public:
  explicit session_cache(const session_limits& limits);

  std::optional<session> find(const std::string& hash, instant now);

  /// Counts revocations; take it before reading what `put` will store.
  std::uint64_t revision() const;

  /// Stores, unless something was forgotten since `revision`: what was read
  /// before a revocation must not come back after it.
  void put(const session& one, instant now, std::uint64_t revision);

  void forget(const std::string& hash);

  /// Forgets all sessions of the same person or staff account.
  void forget_like(const session& one);

private:
  struct entry {
    session what;
    instant until;
  };

  void make_room(instant now);

  const session_limits limits_;
  mutable std::mutex mutex_;
  std::uint64_t revision_ = 0;
  std::unordered_map<std::string, entry> entries_;
};

/// A new session with the two secrets its browser gets.
struct issued_session {
  std::string token;
  std::string csrf;
  session what;
};

/// How a session goes on under new secrets.
struct renewal {
  session next; ///< kind, channel, ids
  session_secrets secrets;
  const char* because = renewed_reason; ///< what tabs of the old one are told
  bool ends_others = false; ///< all other sessions of the person too
};

/// Whether a session that another one took over is found too: only for a
/// request that may be a repeat of the one that renewed it.
enum class replaced : bool { refused, admitted };

/// Thread-safe. `nodes` and `readers` must outlive it.
class session_store {
public:
  session_store(actors::gateway& nodes, persistence::pool& readers,
                session_limits limits);

  using found = std::function<void(domain::result<session>)>;

  /// The live session of `token`, at once from the cache or later from a
  /// worker thread; `not_authenticated`, `identity_changed` (edge 57), `busy`
  /// or `unavailable`.
  void find(const std::string& token, found done,
            replaced old = replaced::refused);

  /// A session of these secrets with kind, channel, ids and roles of `who`, not
  /// stored yet.
  issued_session issue(session who, session_secrets secrets) const;

  /// In a transaction of the caller's: stores what was issued and ends the
  /// login that the browser brought, if any. `forget` it once that is
  /// committed.
  void keep(soci::session& sql, const session& issued,
            const std::string& old_token) const;

  /// Nothing cached for that token counts any more.
  void forget(const std::string& token);

  // What follows blocks on SQL: call it inside `gateway::offload`.

  /// Opens a session with kind, channel, ids and place of `who`, and new
  /// secrets, and ends the one whose token the browser brought, if any.
  domain::result<issued_session> open(session who,
                                      const std::string& old_token = {});

  /// Whether the session of that token hash is live, as stored now.
  domain::result<session> reload(const std::string& hash,
                                 replaced old = replaced::refused);

  /// Ends `old` and goes on as told, at once: what a session may do never
  /// changes under a token that somebody may have seen before. Beginning, place
  /// and absolute end stay. Asked again with the same secrets it gives the same
  /// session while that lives; when `old` was ended by something else,
  /// `identity_changed` or `not_authenticated`.
  domain::result<issued_session> renew(const session& old, renewal how);

  /// The live sessions of the same holder, for the holder to see.
  domain::result<domain::json> list(const session& one);

  /// Ends one of them by its public id; `not_found` when it is none of them.
  domain::result<domain::nothing> end(const session& one,
                                      const std::string& id);

  /// @param because  what its holder is told later; "" for nothing special
  domain::result<domain::nothing> close(const session& one,
                                        const std::string& because = {});

  /// Closes all sessions of the same person or staff account.
  domain::result<domain::nothing> close_all(const session& one);

  const session_limits& limits() const {
    return limits_;
  }

private:
  actors::gateway& nodes_;
  persistence::pool& readers_;
  const session_limits limits_;
  session_cache cache_;
};

} // namespace zhiku::http
