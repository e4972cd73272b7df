#include "sms/acs3.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace zhiku::sms {

namespace {

constexpr std::string_view algorithm = "ACS3-HMAC-SHA256";

std::string names_of(const acs3_request& request) {
  std::string out;
  for (const auto& [name, value] : request.signed_headers)
    out += (out.empty() ? "" : ";") + name;
  return out;
}

} // namespace

std::string
acs3_canonical_query(const std::map<std::string, std::string>& query) {
  std::string out;
  for (const auto& [name, value] : query)
    out += (out.empty() ? "" : "&") + percent_encode(name) + '='
           + percent_encode(value);
  return out;
}

std::string acs3_canonical_request(const acs3_request& request) {
  auto out = "POST\n/\n" + acs3_canonical_query(request.query) + '\n';
  for (const auto& [name, value] : request.signed_headers)
    out += name + ':' + value + '\n';
  return out + '\n' + names_of(request) + '\n'
         + to_hex(sha256(request.payload));
}

std::string acs3_string_to_sign(const acs3_request& request) {
  return std::string{algorithm} + '\n'
         + to_hex(sha256(acs3_canonical_request(request)));
}

std::string acs3_signature(const acs3_request& request,
                           std::string_view secret_key) {
  return to_hex(hmac_sha256(secret_key, acs3_string_to_sign(request)));
}

std::string acs3_authorization(const acs3_request& request,
                               std::string_view secret_id,
                               std::string_view secret_key) {
  return std::string{algorithm} + " Credential=" + std::string{secret_id}
         + ",SignedHeaders=" + names_of(request)
         + ",Signature=" + acs3_signature(request, secret_key);
}

} // namespace zhiku::sms
