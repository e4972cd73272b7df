#include "persistence/vault.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"

#include <memory>
#include <stdexcept>

#include <openssl/evp.h>
#include <soci/soci.h>

namespace zhiku::persistence {

namespace {

constexpr std::size_t key_size = 32;
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t cache_limit = 50'000;
constexpr std::string_view prefix = "v1.";

using cipher_context =
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

cipher_context make_context() {
  return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free};
}

const unsigned char* in(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* out(std::string& text, std::size_t offset = 0) {
  return reinterpret_cast<unsigned char*>(text.data()) + offset;
}

// nonce ‖ tag ‖ cipher text; `bound` is authenticated but not stored.
std::string encrypt(std::string_view key, std::string_view clear,
                    std::string_view bound) {
  auto ctx = make_context();
  auto text = random_bytes(nonce_size);
  text.resize(nonce_size + tag_size + clear.size());
  int length = 0;
  auto ok =
    EVP_EncryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, in(key), in(text))
    && EVP_EncryptUpdate(ctx.get(), nullptr, &length, in(bound),
                         static_cast<int>(bound.size()))
    && EVP_EncryptUpdate(ctx.get(), out(text, nonce_size + tag_size), &length,
                         in(clear), static_cast<int>(clear.size()))
    && EVP_EncryptFinal_ex(ctx.get(), out(text, text.size()), &length)
    && EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_GET_TAG, tag_size,
                           out(text, nonce_size));
  if (!ok)
    throw std::runtime_error("AES-256-GCM failed to encrypt");
  return text;
}

std::optional<std::string> decrypt(std::string_view key, std::string_view text,
                                   std::string_view bound) {
  if (text.size() < nonce_size + tag_size)
    return std::nullopt;
  auto ctx = make_context();
  std::string tag{text.substr(nonce_size, tag_size)};
  auto body = text.substr(nonce_size + tag_size);
  std::string clear(body.size(), '\0');
  int length = 0;
  auto ok =
    EVP_DecryptInit_ex(ctx.get(), EVP_aes_256_gcm(), nullptr, in(key), in(text))
    && EVP_DecryptUpdate(ctx.get(), nullptr, &length, in(bound),
                         static_cast<int>(bound.size()))
    && EVP_DecryptUpdate(ctx.get(), out(clear), &length, in(body),
                         static_cast<int>(body.size()))
    && EVP_CIPHER_CTX_ctrl(ctx.get(), EVP_CTRL_GCM_SET_TAG, tag_size, out(tag))
    && EVP_DecryptFinal_ex(ctx.get(), out(clear, clear.size()), &length);
  if (!ok)
    return std::nullopt;
  return clear;
}

// Data of nobody in particular is sealed under a key derived from the
// configured one, so that rotating the latter leaves it readable by key id.
std::string nobody(const std::string& key_id) {
  return "nobody." + key_id;
}

} // namespace

vault::vault(key_ring keys) : keys_(std::move(keys)) {
  for (const auto& [id, key] : keys_.wrapping)
    if (key.size() != key_size)
      throw std::invalid_argument("wrapping key " + id + " is not 32 bytes");
  if (keys_.wrapping.count(keys_.current) == 0)
    throw std::invalid_argument("no wrapping key is current");
}

vault::~vault() = default;

std::string vault::lookup_hash(std::string_view normalised) const {
  return to_hex(hmac_sha256(keys_.lookup, normalised));
}

std::optional<std::string> vault::cached(const std::string& subject) {
  std::lock_guard lock{mutex_};
  auto hit = cache_.find(subject);
  return hit == cache_.end() ? std::nullopt : std::optional{hit->second};
}

void vault::remember(const std::string& subject, const std::string& key) {
  std::lock_guard lock{mutex_};
  if (cache_.size() >= cache_limit)
    cache_.clear();
  cache_[subject] = key;
}

std::optional<std::string> vault::key_of(soci::session& sql,
                                         const std::string& subject) {
  if (auto hit = cached(subject))
    return hit;
  std::string key_id;
  std::string wrapped;
  sql << "SELECT key_id, encode(wrapped, 'hex') FROM person_key WHERE subject "
         "= :s",
    soci::use(subject), soci::into(key_id), soci::into(wrapped);
  if (!sql.got_data())
    return std::nullopt;
  auto wrapping = keys_.wrapping.find(key_id);
  if (wrapping == keys_.wrapping.end())
    throw std::runtime_error("wrapping key " + key_id + " is not configured");
  auto key = decrypt(wrapping->second, from_hex(wrapped).value_or(""), subject);
  if (!key)
    throw std::runtime_error("a person's key cannot be unwrapped");
  remember(subject, *key);
  return key;
}

void vault::ensure_key(soci::session& sql, const std::string& subject) {
  if (subject.empty() || key_of(sql, subject))
    return;
  auto wrapped = to_hex(
    encrypt(keys_.wrapping.at(keys_.current), random_bytes(key_size), subject));
  sql << "INSERT INTO person_key (subject, key_id, wrapped) VALUES (:s, :k, "
         "decode(:w, 'hex')) ON CONFLICT DO NOTHING",
    soci::use(subject), soci::use(keys_.current), soci::use(wrapped);
}

std::string vault::seal(soci::session& sql, std::string_view subject,
                        const nlohmann::json& clear) {
  if (subject.empty()) {
    auto key = hmac_sha256(keys_.wrapping.at(keys_.current), "nobody");
    return std::string{prefix} + nobody(keys_.current) + '.'
           + to_base64(encrypt(key, clear.dump(), nobody(keys_.current)));
  }
  auto key = key_of(sql, std::string{subject});
  if (!key)
    throw std::runtime_error("a person's key was not made before sealing");
  return std::string{prefix} + to_base64(encrypt(*key, clear.dump(), subject));
}

domain::result<nlohmann::json> vault::open(soci::session& sql,
                                           std::string_view subject,
                                           std::string_view sealed) {
  if (!sealed.starts_with(prefix))
    return domain::errc::internal;
  sealed.remove_prefix(prefix.size());
  std::string bound{subject};
  std::optional<std::string> key;
  if (subject.empty()) {
    auto dot = sealed.rfind('.');
    if (dot == std::string_view::npos)
      return domain::errc::internal;
    bound = std::string{sealed.substr(0, dot)};
    sealed.remove_prefix(dot + 1);
    for (const auto& [id, wrapping] : keys_.wrapping)
      if (nobody(id) == bound)
        key = hmac_sha256(wrapping, "nobody");
  } else {
    key = key_of(sql, bound);
  }
  if (!key)
    return nlohmann::json::object();
  auto clear = decrypt(*key, from_base64(sealed).value_or(""), bound);
  if (!clear)
    return domain::errc::internal;
  return nlohmann::json::parse(*clear, nullptr, false);
}

void vault::erase(soci::session& sql, std::string_view subject) {
  std::string who{subject};
  sql << "DELETE FROM person_key WHERE subject = :s", soci::use(who);
  std::lock_guard lock{mutex_};
  cache_.erase(who);
}

} // namespace zhiku::persistence
