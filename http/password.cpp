#include "http/password.hpp"

#include "base/random.hpp"

#include <stdexcept>

#include <argon2.h>

namespace zhiku::http {

namespace {

// OWASP's second choice: 19 MiB, two passes, one lane.
constexpr std::uint32_t passes = 2;
constexpr std::uint32_t memory_kib = 19 * 1024;
constexpr std::uint32_t lanes = 1;
constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

} // namespace

std::string hash_password(const std::string& password) {
  auto salt = random_bytes(salt_bytes);
  std::string encoded(argon2_encodedlen(passes, memory_kib, lanes, salt_bytes,
                                        hash_bytes, Argon2_id),
                      '\0');
  auto verdict = argon2id_hash_encoded(
    passes, memory_kib, lanes, password.data(), password.size(), salt.data(),
    salt.size(), hash_bytes, encoded.data(), encoded.size());
  if (verdict != ARGON2_OK)
    throw std::runtime_error(argon2_error_message(verdict));
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool verify_password(const std::string& encoded, const std::string& password) {
  return argon2id_verify(encoded.c_str(), password.data(), password.size())
         == ARGON2_OK;
}

const std::string& decoy_password_hash() {
  static const std::string decoy = hash_password(new_token());
  return decoy;
}

} // namespace zhiku::http
