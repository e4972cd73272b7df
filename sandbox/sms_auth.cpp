#include "sandbox/sms_auth.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "sms/acs3.hpp"
#include "sms/tc3.hpp"

#include <array>
#include <charconv>
#include <ctime>
#include <optional>
#include <regex>
#include <sstream>
#include <vector>

#include <openssl/evp.h>
#include <openssl/hmac.h>

namespace zhiku::sandbox {

namespace {

constexpr std::int64_t tc3_max_skew = 300;
constexpr std::int64_t aliyun_max_skew = 900;

/// The parts of an `Authorization` header of either carrier.
struct authorization {
  std::string secret_id;
  std::vector<std::string> signed_headers;
  std::string signature;
};

std::optional<authorization> authorization_in(const sms_request& request) {
  static const std::regex form{
    "[A-Z0-9]+-HMAC-SHA256 Credential=([^/,]+)(?:/[^,]*)?, ?"
    "SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)"};
  auto header = request.header("authorization");
  std::smatch parts;
  if (!std::regex_match(header, parts, form))
    return std::nullopt;
  authorization out{parts[1], {}, parts[3]};
  std::istringstream names{parts[2]};
  for (std::string name; std::getline(names, name, ';');)
    out.signed_headers.push_back(name);
  return out;
}

std::map<std::string, std::string> signed_headers(const sms_request& request,
                                                  const authorization& by) {
  std::map<std::string, std::string> out;
  for (const auto& name : by.signed_headers)
    out[name] = request.header(name);
  return out;
}

bool is_near(std::int64_t timestamp, instant now, std::int64_t max_skew) {
  auto skew = unix_seconds(now) - timestamp;
  return -max_skew <= skew && skew <= max_skew;
}

/// Unix seconds of `2023-10-26T10:22:32Z`; 0 when it is no such text.
std::int64_t seconds_of(const std::string& text) {
  std::tm parts{};
  const auto* end = strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return end == nullptr || *end != '\0' ? 0 : timegm(&parts);
}

std::string hmac_sha1(const std::string& key, const std::string& text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned int size = 0;
  HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(),
       out.data(), &size);
  return {out.begin(), out.begin() + size};
}

std::string v1_signature(const sms_request& request,
                         const std::string& secret_key) {
  auto all = request.query;
  all.insert(request.form.begin(), request.form.end());
  all.erase("Signature");
  auto text =
    request.method + "&%2F&" + percent_encode(sms::acs3_canonical_query(all));
  return to_base64(hmac_sha1(secret_key + '&', text));
}

std::string refusal_of_v1(const sms_request& request,
                          const sms_account& account, instant now) {
  if (request.parameter("AccessKeyId") != account.secret_id)
    return "InvalidAccessKeyId.NotFound";
  if (!is_near(seconds_of(request.parameter("Timestamp")), now,
               aliyun_max_skew))
    return "InvalidTimeStamp.Expired";
  return constant_time_equal(v1_signature(request, account.secret_key),
                             request.parameter("Signature"))
           ? ""
           : "SignatureDoesNotMatch";
}

std::string refusal_of_acs3(const sms_request& request,
                            const sms_account& account, instant now) {
  auto given = authorization_in(request);
  if (!given || given->secret_id != account.secret_id)
    return "InvalidAccessKeyId.NotFound";
  if (!is_near(seconds_of(request.header("x-acs-date")), now, aliyun_max_skew))
    return "InvalidTimeStamp.Expired";
  if (request.header("x-acs-content-sha256") != to_hex(sha256(request.body)))
    return "SignatureDoesNotMatch";
  sms::acs3_request expected{request.query, signed_headers(request, *given),
                             request.body};
  return constant_time_equal(sms::acs3_signature(expected, account.secret_key),
                             given->signature)
           ? ""
           : "SignatureDoesNotMatch";
}

} // namespace

std::string sms_request::parameter(const std::string& name) const {
  for (const auto* from : {&query, &form})
    if (auto found = from->find(name); found != from->end())
      return found->second;
  return {};
}

std::string sms_request::header(const std::string& name) const {
  auto found = headers.find(name);
  return found == headers.end() ? std::string{} : found->second;
}

std::string refusal_of_tc3(const sms_request& request,
                           const sms_account& account, instant now) {
  auto given = authorization_in(request);
  if (!given)
    return "AuthFailure.InvalidAuthorization";
  if (given->secret_id != account.secret_id)
    return "AuthFailure.SecretIdNotFound";
  auto text = request.header("x-tc-timestamp");
  std::int64_t timestamp = 0;
  std::from_chars(text.data(), text.data() + text.size(), timestamp);
  if (!is_near(timestamp, now, tc3_max_skew))
    return "AuthFailure.SignatureExpire";
  sms::tc3_request expected{"sms", signed_headers(request, *given),
                            request.body, timestamp};
  return constant_time_equal(sms::tc3_signature(expected, account.secret_key),
                             given->signature)
           ? ""
           : "AuthFailure.SignatureFailure";
}

std::string refusal_of_aliyun(const sms_request& request,
                              const sms_account& account, instant now) {
  return request.parameter("Signature").empty()
           ? refusal_of_acs3(request, account, now)
           : refusal_of_v1(request, account, now);
}

std::string nonce_of(const sms_request& request) {
  auto old = request.parameter("SignatureNonce");
  return old.empty() ? request.header("x-acs-signature-nonce") : old;
}

} // namespace zhiku::sandbox
