#pragma once
// The gate of the callback server (PROTOCOL 1): nothing that comes to
// `/wechat/callback` is believed before it has passed here. Immutable after
// construction, thread-safe, no I/O.

#include "wechat/message_crypto.hpp"
#include "wechat/push.hpp"
#include "wechat/result.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::wechat {

enum class push_mode {
  plain,      ///< clear XML, signature over the query only
  compatible, ///< both forms in one body; only the encrypted one is used
  safe,       ///< encrypted only
};

/// The mode named `plain`, `compatible` or `safe`.
std::optional<push_mode> push_mode_of(std::string_view name);

struct callback_settings {
  std::string app_id;
  std::string token;
  push_mode mode = push_mode::plain;
  std::string encoding_aes_key; ///< may be empty in plain mode
  std::string previous_aes_key; ///< empty: none
  /// Pushes whose timestamp is further off are refused; 0: not looked at. Use
  /// it only where clocks are kept by NTP.
  std::chrono::seconds max_skew{0};
};

/// A genuine push, and what its reply needs.
struct received {
  push what;
  std::optional<message_key> reply_key; ///< none: the reply goes out clear
  std::string nonce;
};

/// Why a push is not taken. `not_xml` is told only of whoever knows the token;
/// the others say nothing of what was wrong to the sender.
enum class push_refusal {
  forged,    ///< not signed with our token and key, or not for this account
  stale,     ///< its timestamp is too far off
  downgrade, ///< clear, where the console encrypts
  malformed, ///< signed, but not a push
  not_xml,   ///< signed, but JSON: the console's data format must be XML (W9)
};

class callback {
public:
  using query = std::multimap<std::string, std::string>;
  using instant = std::chrono::sys_time<std::chrono::microseconds>;

  /// Nothing when `settings` cannot work: no token or appid, or a mode that
  /// encrypts without a well-formed key.
  static std::optional<callback> of(callback_settings settings);

  /// The verification request of the console: the text to answer with, as
  /// `text/plain`; nothing when it must be refused (403).
  /// @param parameters  URL-decoded; repeated ones are refused
  std::optional<std::string> verify_get(const query& parameters) const;

  /// A push, or why it must be refused (4xx).
  result<received, push_refusal> verify_post(const query& parameters,
                                             std::string_view body,
                                             instant now) const;

  /// The body that answers `to`: `reply_xml` as it is, or encrypted with the
  /// key that opened the push. The answer `success` is never passed through
  /// here: it goes out clear in every mode.
  std::string reply_body(const received& to, std::string_view reply_xml,
                         instant now) const;

private:
  callback(callback_settings settings, std::vector<message_key> keys);

  bool timely(const std::string& timestamp, instant now) const;
  bool is_signed(const query& parameters) const;
  result<received, push_refusal> open_plain(const query& parameters,
                                            std::string_view body) const;
  result<received, push_refusal> open_encrypted(const query& parameters,
                                                std::string_view body) const;

  callback_settings settings_;
  message_crypto crypto_;
  bool can_decrypt_;
};

} // namespace zhiku::wechat
