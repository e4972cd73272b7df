#pragma once
// Personal data at rest: AES-256-GCM under a key of each person, wrapped by a
// key from the configuration; keyed hashes for look-up. RULES 3.9.

#include "domain/result.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include <nlohmann/json.hpp>

namespace soci {
class session;
}

namespace zhiku::persistence {

/// Keys from the configuration. Each is 32 raw bytes.
struct key_ring {
  std::map<std::string, std::string> wrapping; ///< key id -> key
  std::string current;                         ///< id used for new wraps
  std::string lookup;                          ///< for keyed hashes
};

/// Thread-safe. Clear keys of the people in use are cached in memory.
/// Functions that take a session throw what SOCI throws.
class vault {
public:
  explicit vault(key_ring keys);
  ~vault();

  /// Hex of HMAC-SHA256 over `normalised` under the look-up key.
  std::string lookup_hash(std::string_view normalised) const;

  /// Makes the person's key if there is none. Call outside any transaction:
  /// a key that is used must not be rolled back with the data it sealed.
  void ensure_key(soci::session& sql, const std::string& subject);

  /// Seals `clear` for `subject`, whose key must exist. An empty subject uses
  /// a key derived from the current wrapping key. The text is "v1.", for an
  /// empty subject the key id, then nonce, tag and cipher text in base64.
  std::string seal(soci::session& sql, std::string_view subject,
                   const nlohmann::json& clear);

  /// The clear object; an empty object when the person's key was destroyed.
  /// `errc::internal` when the text was tampered with.
  domain::result<nlohmann::json>
  open(soci::session& sql, std::string_view subject, std::string_view sealed);

  /// Destroys the person's key: all that was sealed under it is gone for good.
  void erase(soci::session& sql, std::string_view subject);

private:
  std::optional<std::string> key_of(soci::session& sql,
                                    const std::string& subject);
  std::optional<std::string> cached(const std::string& subject);
  void remember(const std::string& subject, const std::string& key);

  key_ring keys_;
  std::mutex mutex_;
  std::unordered_map<std::string, std::string> cache_;
};

} // namespace zhiku::persistence
