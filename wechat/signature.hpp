#pragma once
// The platform's SHA-1 signatures of pushes (PROTOCOL 1.1, 1.2). Pure,
// thread-safe.

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

} // namespace zhiku::wechat
