#include "http/session_secrets.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"

namespace zhiku::http {

session_secrets new_secrets() {
  return {new_token(), new_token()};
}

session_secrets
derived_secrets(const persistence::vault& keys, std::string_view purpose,
                std::initializer_list<std::string_view> proofs) {
  // Digests have one length, so that no two lists of proofs read alike.
  std::string text;
  for (auto proof : proofs)
    text += to_hex(sha256(proof));
  text += purpose;
  auto secret = [&](std::string_view use) {
    auto hash = keys.lookup_hash("session " + std::string{use} + "\n" + text);
    return to_base64url(from_hex(hash).value_or(""));
  };
  return {secret("token"), secret("csrf")};
}

} // namespace zhiku::http
