#include "http/api/sms_code.hpp"

#include "base/random.hpp"

#include <cstring>

namespace zhiku::http {

namespace {

domain::json evidence(const persistence::vault& keys, const sms_code& what) {
  auto text =
    what.purpose + "|" + what.phone + "|" + what.binding + "|" + what.code;
  return {{"purpose", what.purpose},
          {"binding", what.binding},
          {"code_hash", keys.lookup_hash(text)}};
}

} // namespace

std::string new_sms_code() {
  constexpr std::uint32_t codes = 1'000'000;
  // Numbers above the last full million would favour small codes.
  constexpr std::uint32_t fair = UINT32_MAX - UINT32_MAX % codes;
  std::uint32_t number = fair;
  while (number >= fair) {
    auto bytes = random_bytes(sizeof(number));
    std::memcpy(&number, bytes.data(), sizeof(number));
  }
  auto digits = std::to_string(number % codes);
  return std::string(6 - digits.size(), '0') + digits;
}

std::string binding_of(const services& s, const request& asked) {
  auto authorization = asked.header("Authorization");
  if (authorization.starts_with("Bearer "))
    return token_hash(authorization.substr(7));
  for (const auto& secret : {session_token_of(s, asked), browser_of(s, asked)})
    if (!secret.empty())
      return token_hash(secret);
  return {};
}

std::string proof_stream(const persistence::vault& keys,
                         const std::string& phone) {
  return "phone_proof/" + keys.lookup_hash(phone);
}

domain::command send_code(const persistence::vault& keys,
                          const sms_code& what) {
  auto data = evidence(keys, what);
  data["work"] = what.work;
  return {
    "send_code", std::move(data), {{"phone", what.phone}, {"code", what.code}}};
}

domain::command verify_code(const persistence::vault& keys,
                            const sms_code& what) {
  return {"verify_code", evidence(keys, what)};
}

} // namespace zhiku::http
