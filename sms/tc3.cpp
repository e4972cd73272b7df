#include "sms/tc3.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

#include <algorithm>
#include <chrono>

namespace zhiku::sms {

namespace {

constexpr std::string_view algorithm = "TC3-HMAC-SHA256";

/// YYYY-MM-DD in UTC.
std::string date_of(std::int64_t timestamp) {
  using namespace std::chrono;
  year_month_day day{floor<days>(sys_seconds{seconds{timestamp}})};
  auto two = [](unsigned value) {
    auto text = std::to_string(value);
    return text.size() < 2 ? '0' + text : text;
  };
  return std::to_string(static_cast<int>(day.year())) + '-'
         + two(static_cast<unsigned>(day.month())) + '-'
         + two(static_cast<unsigned>(day.day()));
}

std::string scope_of(const tc3_request& request) {
  return date_of(request.timestamp) + '/' + request.service + "/tc3_request";
}

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return text;
}

std::string names_of(const tc3_request& request) {
  std::string out;
  for (const auto& [name, value] : request.signed_headers)
    out += (out.empty() ? "" : ";") + name;
  return out;
}

} // namespace

std::string tc3_canonical_request(const tc3_request& request) {
  std::string out = "POST\n/\n\n";
  for (const auto& [name, value] : request.signed_headers)
    out += name + ':' + lowered(value) + '\n';
  return out + '\n' + names_of(request) + '\n'
         + to_hex(sha256(request.payload));
}

std::string tc3_string_to_sign(const tc3_request& request) {
  return std::string{algorithm} + '\n' + std::to_string(request.timestamp)
         + '\n' + scope_of(request) + '\n'
         + to_hex(sha256(tc3_canonical_request(request)));
}

std::string tc3_signature(const tc3_request& request,
                          std::string_view secret_key) {
  auto key =
    hmac_sha256("TC3" + std::string{secret_key}, date_of(request.timestamp));
  key = hmac_sha256(key, request.service);
  key = hmac_sha256(key, "tc3_request");
  return to_hex(hmac_sha256(key, tc3_string_to_sign(request)));
}

std::string tc3_authorization(const tc3_request& request,
                              std::string_view secret_id,
                              std::string_view secret_key) {
  return std::string{algorithm} + " Credential=" + std::string{secret_id} + '/'
         + scope_of(request) + ", SignedHeaders=" + names_of(request)
         + ", Signature=" + tc3_signature(request, secret_key);
}

} // namespace zhiku::sms
