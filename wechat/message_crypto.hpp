#pragma once
// Encryption of pushes and replies in safe mode (PROTOCOL 1.3):
// AES-256-CBC over  16 random bytes | length | message | appid  with PKCS#7
// padding to 32. Pure but for the default randomness; thread-safe.

#include "base/random.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::wechat {

/// A decoded EncodingAESKey.
class message_key {
public:
  /// Nothing unless `encoding_aes_key` is 43 letters and digits. The two spare
  /// bits of the last character are ignored.
  static std::optional<message_key> of(std::string_view encoding_aes_key);

  /// 32 bytes.
  const std::string& bytes() const {
    return bytes_;
  }

private:
  explicit message_key(std::string bytes);

  std::string bytes_;
};

/// Bytes that begin each plaintext.
inline constexpr std::size_t random_prefix_size = 16;

/// Base64 of `message` encrypted for `app_id`.
/// @pre random.size() == random_prefix_size
std::string encrypt(const message_key& key, std::string_view message,
                    std::string_view app_id,
                    std::string_view random = random_bytes(random_prefix_size));

/// The message in `encrypted` (base64 with padding). Nothing, and no hint why,
/// when anything is wrong: base64, length, padding, or another appid. Call
/// only after the `msg_signature` has been verified, or this is a padding
/// oracle; `message_crypto::open` sees to it.
std::optional<std::string> decrypt(const message_key& key,
                                   std::string_view encrypted,
                                   std::string_view app_id);

/// One account's side of the conversation. Immutable, thread-safe.
class message_crypto {
public:
  struct opened {
    std::string message;
    message_key key; ///< the key that opened it; seal the reply with it
  };

  struct sealed {
    std::string encrypted; ///< base64
    std::string msg_signature;
  };

  /// @param keys  the current key first, then the previous one: the console
  ///              changes keys at once while old pushes are in flight
  message_crypto(std::string app_id, std::string token,
                 std::vector<message_key> keys);

  /// Verifies, then decrypts with each key in turn.
  std::optional<opened> open(std::string_view timestamp, std::string_view nonce,
                             std::string_view encrypted,
                             std::string_view msg_signature) const;

  sealed seal(const message_key& key, std::string_view message,
              std::string_view timestamp, std::string_view nonce,
              std::string_view random = random_bytes(random_prefix_size)) const;

private:
  std::string app_id_;
  std::string token_;
  std::vector<message_key> keys_;
};

} // namespace zhiku::wechat
