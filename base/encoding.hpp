#pragma once
// Bytes as text: hex and base64. Pure; no allocation beyond the result.

#include <optional>
#include <string>
#include <string_view>

namespace zhiku {

/// Lower-case hex of `bytes`.
std::string to_hex(std::string_view bytes);

/// The bytes of `hex` (either case); nothing when it is not even-length hex.
std::optional<std::string> from_hex(std::string_view hex);

/// Standard base64 with padding (RFC 4648 section 4).
std::string to_base64(std::string_view bytes);

/// The bytes of standard base64, padded or not; nothing when a character is
/// foreign or the length impossible. Spare bits of the last character are
/// ignored, because many real EncodingAESKeys carry some (PROTOCOL 1.3).
std::optional<std::string> from_base64(std::string_view text);

/// URL-safe base64 without padding (RFC 4648 section 5).
std::string to_base64url(std::string_view bytes);

/// RFC 3986 percent-encoding: only unreserved characters stay bare.
std::string percent_encode(std::string_view text);

} // namespace zhiku
