#include "base/digest.hpp"

#include <cstdlib>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/sha.h>

namespace zhiku {

namespace {

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// Looked up once: the one-call functions of OpenSSL 3 look it up each time,
/// which takes longer than a short digest.
const EVP_MD* fetch(const char* name) {
  const auto* algorithm = EVP_MD_fetch(nullptr, name, nullptr);
  if (algorithm == nullptr)
    std::abort();
  return algorithm;
}

std::string digest(const EVP_MD* algorithm, std::size_t size,
                   std::string_view data) {
  std::string out(size, '\0');
  if (EVP_Digest(data.data(), data.size(), bytes_of(out), nullptr, algorithm,
                 nullptr)
      != 1)
    std::abort();
  return out;
}

} // namespace

std::string sha1(std::string_view data) {
  static const auto* const algorithm = fetch("SHA1");
  return digest(algorithm, SHA_DIGEST_LENGTH, data);
}

std::string sha256(std::string_view data) {
  static const auto* const algorithm = fetch("SHA256");
  return digest(algorithm, SHA256_DIGEST_LENGTH, data);
}

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::string out(SHA256_DIGEST_LENGTH, '\0');
  unsigned int size = 0;
  HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(data),
       data.size(), bytes_of(out), &size);
  return out;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
  return a.size() == b.size()
         && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

} // namespace zhiku
