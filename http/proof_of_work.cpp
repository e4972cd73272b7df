#include "http/proof_of_work.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "domain/fields.hpp"

#include <cstring>

namespace zhiku::http {

namespace {

using domain::instant;
using domain::json;

constexpr std::chrono::minutes lifetime{10};
constexpr std::size_t longest_proof = 1000;

std::int64_t unix_of(instant moment) {
  return std::chrono::floor<std::chrono::seconds>(moment.time_since_epoch())
    .count();
}

std::int64_t random_number(std::int64_t most) {
  auto bytes = random_bytes(sizeof(std::uint64_t));
  std::uint64_t number = 0;
  std::memcpy(&number, bytes.data(), sizeof(number));
  return static_cast<std::int64_t>(number
                                   % (static_cast<std::uint64_t>(most) + 1));
}

std::string challenge_of(const std::string& salt, std::int64_t number) {
  return to_hex(sha256(salt + std::to_string(number)));
}

/// The value of a parameter of the salt, which is "random?name=value&…&".
std::string parameter_of(std::string_view salt, std::string_view name) {
  auto key = std::string{name} + "=";
  for (auto at = salt.find(key); at != std::string_view::npos;
       at = salt.find(key, at + 1)) {
    if (at == 0 || (salt[at - 1] != '?' && salt[at - 1] != '&'))
      continue;
    auto rest = salt.substr(at + key.size());
    return std::string{rest.substr(0, rest.find('&'))};
  }
  return {};
}

} // namespace

proof_of_work::proof_of_work(const persistence::vault& keys,
                             std::int64_t effort)
    : keys_(keys), effort_(effort) {
  // nop
}

json proof_of_work::make(const std::string& subject, instant now) const {
  // The last sign keeps digits of the number from being moved into the salt.
  auto salt = to_hex(random_bytes(12))
              + "?expires=" + std::to_string(unix_of(now + lifetime))
              + "&for=" + mark_of(subject) + "&";
  auto challenge = challenge_of(salt, random_number(effort_));
  return {{"algorithm", "SHA-256"},
          {"challenge", challenge},
          {"salt", salt},
          {"signature", signature_of(challenge)},
          {"maxnumber", effort_}};
}

std::optional<std::string> proof_of_work::solved(std::string_view proof,
                                                 const std::string& subject,
                                                 instant now) const {
  using domain::text_at;
  auto text = proof.size() > longest_proof ? std::nullopt : from_base64(proof);
  auto given = json::parse(text.value_or(""), nullptr, false);
  auto number = domain::integer_at(given, "number");
  std::string salt{text_at(given, "salt")};
  std::string challenge{text_at(given, "challenge")};
  if (!number || text_at(given, "algorithm") != "SHA-256"
      || !constant_time_equal(text_at(given, "signature"),
                              signature_of(challenge)))
    return std::nullopt;
  // Signed by us, so what the salt says is what we wrote.
  auto whole = salt.ends_with('&') && challenge == challenge_of(salt, *number);
  if (!whole || parameter_of(salt, "for") != mark_of(subject)
      || parameter_of(salt, "expires") <= std::to_string(unix_of(now)))
    return std::nullopt;
  return challenge.substr(0, 32);
}

std::string proof_of_work::signature_of(const std::string& challenge) const {
  return keys_.lookup_hash("proof of work|" + challenge);
}

std::string proof_of_work::mark_of(const std::string& subject) const {
  return keys_.lookup_hash("proof of work for|" + subject).substr(0, 32);
}

} // namespace zhiku::http
