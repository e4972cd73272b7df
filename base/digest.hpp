#pragma once
// Digests and comparisons, over OpenSSL. Thread-safe. Results are raw bytes;
// `to_hex` makes text of them.

#include <string>
#include <string_view>

namespace zhiku {

/// 20 raw bytes. Only for protocols that fix SHA-1 (WeChat signatures).
std::string sha1(std::string_view data);

/// 32 raw bytes.
std::string sha256(std::string_view data);

/// 32 raw bytes of HMAC-SHA256.
std::string hmac_sha256(std::string_view key, std::string_view data);

/// Whether both are equal, in a time that depends only on the lengths.
bool constant_time_equal(std::string_view a, std::string_view b);

} // namespace zhiku
