#pragma once
// TC3-HMAC-SHA256, the request signature of Tencent Cloud (PROTOCOL 9.1).
// Pure, thread-safe.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace zhiku::sms {

/// What is signed of a POST to `/` without a query.
struct tc3_request {
  std::string service; ///< "sms"
  /// Lower-case names; at least `content-type` and `host`, as they are sent.
  std::map<std::string, std::string> signed_headers;
  std::string payload;      ///< the very bytes sent
  std::int64_t timestamp{}; ///< Unix seconds, as in X-TC-Timestamp
};

std::string tc3_canonical_request(const tc3_request& request);
std::string tc3_string_to_sign(const tc3_request& request);

/// Lower-case hex.
std::string tc3_signature(const tc3_request& request,
                          std::string_view secret_key);

/// The value of the `Authorization` header.
std::string tc3_authorization(const tc3_request& request,
                              std::string_view secret_id,
                              std::string_view secret_key);

} // namespace zhiku::sms
