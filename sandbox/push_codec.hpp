#pragma once
// Pushes as they go over the wire, and replies as they come back (PROTOCOL 1):
// signed and encrypted in the account's mode. Thread-safe.

#include "sandbox/settings.hpp"
#include "wechat/message_crypto.hpp"
#include "wechat/push.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace zhiku::sandbox {

/// The XML of a push. Paths in `other`, as `A/B`, become nested elements.
/// @param empty_event_key  write an empty `EventKey` where there is none, as
///                         the platform does now and then
std::string push_xml(const wechat::push& what, bool empty_event_key);

class push_codec {
public:
  struct request {
    std::string query;
    std::string body;
  };

  explicit push_codec(const settings& how);

  /// Signed now, with a new nonce.
  request write(const wechat::push& what);

  /// The query of the console's verification (PROTOCOL 1.1), which the
  /// callback answers with `echostr`.
  std::string verification(const std::string& echostr) const;

  /// The text of a passive reply, empty for none; nothing when invalid.
  std::optional<std::string> read(const std::string& body) const;

  /// The account's key becomes `encoding_aes_key`, but the next `old_pushes`
  /// pushes still go out under the former. Whether it was well-formed.
  bool rotate_key(const std::string& encoding_aes_key, int old_pushes);

  void write_empty_event_keys(bool yes);

private:
  /// What every request to the callback carries.
  std::string signed_query(const std::string& timestamp,
                           const std::string& nonce) const;
  void encrypt(request& out, const wechat::push& what,
               const std::string& timestamp, const std::string& nonce);
  std::optional<std::string> decrypted(const std::string& body) const;
  wechat::message_crypto crypto() const;

  settings how_;
  mutable std::mutex guard_;
  std::vector<wechat::message_key> keys_; ///< the current one first
  int old_pushes_ = 0;
  bool empty_event_key_ = false;
};

} // namespace zhiku::sandbox
