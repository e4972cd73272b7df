#pragma once
// The XML the platform pushes, in clear and encrypted (PROTOCOL 1.2 to 1.6).
// push_kind.hpp tells what a push says, reply.hpp answers it.
// Pure, thread-safe. Parsing never throws on what comes from outside.

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace zhiku::wechat {

/// Ample for texts and events; larger bodies are refused.
inline constexpr std::size_t max_push_bytes = 64 * 1024;

/// A message or an event, with the platform's names in our spelling.
struct push {
  std::string to_user;                    ///< the account's original id, gh_…
  std::string from_user;                  ///< openid of the follower
  std::chrono::sys_seconds create_time{}; ///< 1970 when absurd or absent
  std::string msg_type;  ///< `text`, `image`, …, `event`; unknown ones kept
  std::string event;     ///< `subscribe`, `CLICK`, …; empty for messages
  std::string event_key; ///< empty when absent
  std::string ticket;    ///< of the QR code that was scanned
  std::string msg_id;    ///< 64-bit number as text; `MsgID` for reports
  std::string content;   ///< of a text
  std::string status;    ///< of TEMPLATESENDJOBFINISH

  /// Every other element by its path: `ScanCodeInfo/ScanResult`. Repeated
  /// names are counted as in XPath: `List/MsgID`, `List[2]/MsgID`.
  std::map<std::string, std::string> other;

  bool is_event() const {
    return msg_type == "event";
  }

  /// The scene of the QR code that led here: of a SCAN, or of a subscribe that
  /// followed one. Empty when there was none.
  std::string scene() const;

  /// The openid of whom the push is about. Events of an authorisation name the
  /// person in `OpenID`, and the platform's own push service as the sender;
  /// then empty when the platform leaves `OpenID` out (W7).
  std::string person() const;

  /// 64 hex digits, equal exactly for deliveries of the same push. Neither
  /// timestamp nor nonce of the URL take part, since retries may renew them.
  /// The sender always does: a MsgId may come twice (W4).
  std::string dedup_key() const;

  bool operator==(const push&) const = default;
};

/// Nothing when `xml` is not the XML of a push: too large, too deep, with a
/// DOCTYPE, or without sender and type. What XML does not allow in a text is
/// replaced (`xml_text`), since the platform sends it.
std::optional<push> parse_push(std::string_view xml);

/// The XML of `what`, for replies and for the sandbox's pushes. `parse_push`
/// reads it back, but for `\r` and what `xml_text` replaces.
/// @pre the paths in `what.other` are such as `parse_push` makes
std::string to_xml(const push& what);

/// `text` as CDATA sections; `]]>` is split.
std::string cdata(std::string_view text);

/// What carries encrypted XML in either direction.
struct envelope {
  std::string to_user;       ///< of a push only
  std::string encrypted;     ///< base64, trimmed of white space
  std::string msg_signature; ///< of a reply only, like the following
  std::string timestamp;
  std::string nonce;
};

/// Nothing when `xml` has no `Encrypt` or breaks the limits of `parse_push`.
std::optional<envelope> parse_envelope(std::string_view xml);

/// The envelope around an encrypted reply.
std::string reply_envelope(const envelope& what);

/// The envelope around an encrypted push; for the sandbox.
std::string push_envelope(const envelope& what);

} // namespace zhiku::wechat
