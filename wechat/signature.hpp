#pragma once
// The platform's SHA-1 signatures (PROTOCOL 1.1, 1.2, 6). Pure, thread-safe.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::wechat {

/// Lower-case hex SHA-1 of `parts`, sorted byte-wise and joined. The callback
/// signs token, timestamp, nonce; a message adds its `Encrypt` text. Parts are
/// the text as received after URL decoding, never numbers.
std::string signature_of(std::vector<std::string_view> parts);

/// Whether `given` is the signature of `parts`, in constant time.
bool verify_signature(std::vector<std::string_view> parts,
                      std::string_view given);

/// Signature for `wx.config`. `url` is the page's address as the browser holds
/// it; what follows `#` is left out. Sign only addresses of our own host.
std::string js_signature(std::string_view jsapi_ticket,
                         std::string_view noncestr, std::int64_t timestamp,
                         std::string_view url);

} // namespace zhiku::wechat
