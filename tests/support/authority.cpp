#include "tests/support/authority.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <unistd.h>

namespace zhiku::test {

namespace {

void require(bool good) {
  if (!good)
    throw std::runtime_error{"cannot make a certificate"};
}

void set_names(X509* made, const std::string& name, X509* issuer) {
  auto* subject = X509_get_subject_name(made);
  require(X509_NAME_add_entry_by_txt(
            subject, "CN", MBSTRING_UTF8,
            reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0)
          == 1);
  X509_set_issuer_name(made, issuer == nullptr ? subject
                                               : X509_get_subject_name(issuer));
}

void extend(X509* made, X509* issuer, int what, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, made, nullptr, nullptr, 0);
  auto* one = X509V3_EXT_conf_nid(nullptr, &context, what, value.c_str());
  require(one != nullptr);
  X509_add_ext(made, one, -1);
  X509_EXTENSION_free(one);
}

/// Unsigned. @param issuer  null: its own
identity blank(const std::string& name, X509* issuer,
               std::chrono::seconds life) {
  static std::atomic<long> serial{1};
  identity made{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
  auto* certificate = made.certificate.get();
  require(certificate != nullptr && made.key != nullptr);
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -86'400);
  X509_gmtime_adj(X509_getm_notAfter(certificate),
                  static_cast<long>(life.count()));
  X509_set_pubkey(certificate, made.key.get());
  set_names(certificate, name, issuer);
  return made;
}

void sign(X509* made, EVP_PKEY* key) {
  require(X509_sign(made, key, EVP_sha256()) > 0);
}

std::string written(X509* certificate) {
  char path[] = "/tmp/zhiku-authority-XXXXXX";
  auto* file = fdopen(mkstemp(path), "w");
  require(file != nullptr && PEM_write_X509(file, certificate) == 1);
  std::fclose(file);
  return path;
}

} // namespace

authority::authority(const std::string& name)
    : own_(blank(name, nullptr, std::chrono::hours{1})) {
  auto* certificate = own_.certificate.get();
  extend(certificate, certificate, NID_basic_constraints, "critical,CA:TRUE");
  extend(certificate, certificate, NID_key_usage, "critical,keyCertSign");
  sign(certificate, own_.key.get());
  file_ = written(certificate);
}

authority::~authority() {
  unlink(file_.c_str());
}

identity authority::issue(const std::string& host,
                          std::chrono::seconds life) const {
  auto* issuer = own_.certificate.get();
  auto made = blank(host, issuer, life);
  extend(made.certificate.get(), issuer, NID_subject_alt_name, "DNS:" + host);
  sign(made.certificate.get(), own_.key.get());
  return made;
}

} // namespace zhiku::test
