#pragma once
// ACS3-HMAC-SHA256, the request signature of Aliyun (PROTOCOL 9.2). Pure,
// thread-safe.

#include <map>
#include <string>
#include <string_view>

namespace zhiku::sms {

/// What is signed of a POST to `/`.
struct acs3_request {
  std::map<std::string, std::string> query; ///< not encoded
  /// Lower-case names: `host`, every `x-acs-*`, and `content-type` if sent.
  std::map<std::string, std::string> signed_headers;
  std::string payload; ///< the very bytes sent; often empty
};

/// `query` sorted and encoded; the form in which it is also sent.
std::string
acs3_canonical_query(const std::map<std::string, std::string>& query);

std::string acs3_canonical_request(const acs3_request& request);
std::string acs3_string_to_sign(const acs3_request& request);

/// Lower-case hex.
std::string acs3_signature(const acs3_request& request,
                           std::string_view secret_key);

/// The value of the `Authorization` header.
std::string acs3_authorization(const acs3_request& request,
                               std::string_view secret_id,
                               std::string_view secret_key);

} // namespace zhiku::sms
