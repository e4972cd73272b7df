#include "wechat/message_crypto.hpp"

#include "base/encoding.hpp"
#include "wechat/signature.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <new>

#include <openssl/evp.h>

namespace zhiku::wechat {

namespace {

constexpr std::size_t encoded_key_size = 43;
constexpr std::size_t key_size = 32;
constexpr std::size_t block_size = 32;
constexpr std::size_t length_size = 4;
constexpr std::size_t header_size = random_prefix_size + length_size;

enum class direction { decrypt = 0, encrypt = 1 };

/// Looked up once: it takes as long as to encrypt a message.
const EVP_CIPHER* aes_256_cbc() {
  static const auto* const cipher =
    EVP_CIPHER_fetch(nullptr, "AES-256-CBC", nullptr);
  if (cipher == nullptr)
    throw std::bad_alloc{};
  return cipher;
}

/// AES-256-CBC without padding: OpenSSL's own knows only blocks of 16.
std::optional<std::string> aes_cbc(direction way, const std::string& key,
                                   std::string_view input) {
  auto bytes = [](auto& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context(
    EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
  if (!context)
    throw std::bad_alloc{};
  std::string out(input.size(), '\0');
  int written = 0;
  auto ok = EVP_CipherInit_ex(context.get(), aes_256_cbc(), nullptr, bytes(key),
                              bytes(key), static_cast<int>(way))
              == 1
            && EVP_CIPHER_CTX_set_padding(context.get(), 0) == 1
            && EVP_CipherUpdate(
                 context.get(), reinterpret_cast<unsigned char*>(out.data()),
                 &written, bytes(input), static_cast<int>(input.size()))
                 == 1;
  if (!ok || static_cast<std::size_t>(written) != input.size())
    return std::nullopt;
  return out;
}

std::string padded(std::string text) {
  auto pad = block_size - text.size() % block_size;
  text.append(pad, static_cast<char>(pad));
  return text;
}

/// `text` without its padding; nothing when the padding is not whole.
std::optional<std::string_view> unpadded(std::string_view text) {
  auto pad = static_cast<std::size_t>(static_cast<unsigned char>(text.back()));
  if (pad < 1 || pad > block_size || pad > text.size())
    return std::nullopt;
  auto tail = text.substr(text.size() - pad);
  if (tail.find_first_not_of(text.back()) != std::string_view::npos)
    return std::nullopt;
  return text.substr(0, text.size() - pad);
}

std::string big_endian(std::uint32_t value) {
  std::string out;
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>((value >> shift) & 255));
  return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (auto c : bytes)
    value = (value << 8) | static_cast<unsigned char>(c);
  return value;
}

/// The message in a padded plaintext that ends in our appid.
std::optional<std::string> message_in(std::string_view padded_text,
                                      std::string_view app_id) {
  auto plain = unpadded(padded_text);
  if (!plain || plain->size() < header_size)
    return std::nullopt;
  auto size = from_big_endian(plain->substr(random_prefix_size, length_size));
  auto rest = plain->substr(header_size);
  if (size > rest.size() || rest.substr(size) != app_id)
    return std::nullopt;
  return std::string{rest.substr(0, size)};
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')
         || (c >= 'a' && c <= 'z');
}

} // namespace

message_key::message_key(std::string bytes) : bytes_(std::move(bytes)) {
  // nop
}

std::optional<message_key> message_key::of(std::string_view encoding_aes_key) {
  if (encoding_aes_key.size() != encoded_key_size
      || !std::all_of(encoding_aes_key.begin(), encoding_aes_key.end(),
                      is_alphanumeric))
    return std::nullopt;
  auto bytes = from_base64(encoding_aes_key);
  if (!bytes || bytes->size() != key_size)
    return std::nullopt;
  return message_key{std::move(*bytes)};
}

std::string encrypt(const message_key& key, std::string_view message,
                    std::string_view app_id, std::string_view random) {
  std::string plain{random};
  plain += big_endian(static_cast<std::uint32_t>(message.size()));
  plain += message;
  plain += app_id;
  auto bytes = aes_cbc(direction::encrypt, key.bytes(), padded(plain));
  return to_base64(bytes.value());
}

std::optional<std::string> decrypt(const message_key& key,
                                   std::string_view encrypted,
                                   std::string_view app_id) {
  // The platform always pads its base64, so unpadded text is not from it.
  if (encrypted.size() % 4 != 0)
    return std::nullopt;
  auto bytes = from_base64(encrypted);
  if (!bytes || bytes->empty() || bytes->size() % block_size != 0)
    return std::nullopt;
  auto plain = aes_cbc(direction::decrypt, key.bytes(), *bytes);
  if (!plain)
    return std::nullopt;
  return message_in(*plain, app_id);
}

message_crypto::message_crypto(std::string app_id, std::string token,
                               std::vector<message_key> keys)
    : app_id_(std::move(app_id)), token_(std::move(token)),
      keys_(std::move(keys)) {
  // nop
}

std::optional<message_crypto::opened>
message_crypto::open(std::string_view timestamp, std::string_view nonce,
                     std::string_view encrypted,
                     std::string_view msg_signature) const {
  if (!verify_signature({token_, timestamp, nonce, encrypted}, msg_signature))
    return std::nullopt;
  for (const auto& key : keys_)
    if (auto message = decrypt(key, encrypted, app_id_))
      return opened{std::move(*message), key};
  return std::nullopt;
}

message_crypto::sealed message_crypto::seal(const message_key& key,
                                            std::string_view message,
                                            std::string_view timestamp,
                                            std::string_view nonce,
                                            std::string_view random) const {
  auto encrypted = encrypt(key, message, app_id_, random);
  auto signature = signature_of({token_, timestamp, nonce, encrypted});
  return {std::move(encrypted), std::move(signature)};
}

} // namespace zhiku::wechat
