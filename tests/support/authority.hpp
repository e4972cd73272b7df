#pragma once
// A certificate authority of the test's own, and what it certifies.

#include <chrono>
#include <memory>
#include <string>

#include <openssl/evp.h>
#include <openssl/x509.h>

namespace zhiku::test {

using key_ptr = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using x509_ptr = std::unique_ptr<X509, decltype(&X509_free)>;

struct identity {
  x509_ptr certificate;
  key_ptr key;
};

class authority {
public:
  /// Writes its certificate to a file of its own.
  explicit authority(const std::string& name = "test authority");
  ~authority();
  authority(const authority&) = delete;
  authority& operator=(const authority&) = delete;

  /// For a server under `host`, a DNS name, good until `life` from now.
  identity issue(const std::string& host,
                 std::chrono::seconds life = std::chrono::hours{1}) const;

  /// PEM, for clients that are to trust it.
  const std::string& file() const {
    return file_;
  }

private:
  identity own_;
  std::string file_;
};

} // namespace zhiku::test
