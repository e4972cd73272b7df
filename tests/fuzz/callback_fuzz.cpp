// Any bytes where encrypted text is expected: not signed, signed by whoever
// knows the token, and encrypted by whoever knows the key.

#include "base/encoding.hpp"
#include "tests/fuzz/target.hpp"
#include "wechat/callback.hpp"
#include "wechat/signature.hpp"

#include <openssl/evp.h>

namespace {

using namespace zhiku;
using namespace zhiku::wechat;

constexpr const char* app_id = "wx5823bf96d3bd56c7";
constexpr const char* token = "Zhiku_token_2024";
constexpr const char* key_text = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
constexpr const char* timestamp = "1700000000";
constexpr const char* nonce = "837261945";
constexpr callback::instant now{std::chrono::seconds{1700000000}};

const message_key& key() {
  static const auto made = message_key::of(key_text).value();
  return made;
}

const callback& gate() {
  static const auto made =
    callback::of({app_id, token, push_mode::safe, key_text, {}, {}}).value();
  return made;
}

callback::query signed_query(std::string_view signature) {
  return {{"timestamp", timestamp},
          {"nonce", nonce},
          {"encrypt_type", "aes"},
          {"msg_signature", std::string{signature}}};
}

void deliver_unsigned(std::string_view bytes) {
  fuzz::require(!gate().verify_post(signed_query(bytes), bytes, now));
  fuzz::require(!gate().verify_post(
    signed_query(signature_of({token, timestamp, nonce})), bytes, now));
}

/// Whoever can sign cannot yet encrypt.
void deliver_signed(std::string_view bytes) {
  auto outer = parse_envelope(bytes);
  if (!outer)
    return;
  gate().verify_post(
    signed_query(signature_of({token, timestamp, nonce, outer->encrypted})),
    bytes, now);
}

/// `plain` in AES-256-CBC as it is, so that every length, padding and appid
/// inside is the fuzzer's. @pre a multiple of 32
std::string encrypted_blocks(std::string plain) {
  auto bytes = [](auto& text) {
    return reinterpret_cast<const unsigned char*>(text.data());
  };
  auto* context = EVP_CIPHER_CTX_new();
  std::string out(plain.size(), '\0');
  int written = 0;
  auto ok =
    EVP_EncryptInit_ex(context, EVP_aes_256_cbc(), nullptr,
                       bytes(key().bytes()), bytes(key().bytes()))
      == 1
    && EVP_CIPHER_CTX_set_padding(context, 0) == 1
    && EVP_EncryptUpdate(context, reinterpret_cast<unsigned char*>(out.data()),
                         &written, bytes(plain), static_cast<int>(plain.size()))
         == 1;
  EVP_CIPHER_CTX_free(context);
  fuzz::require(ok);
  return out;
}

/// What is opened stands before the appid in what was encrypted.
void open_blocks(const std::string& plain) {
  auto opened = decrypt(key(), to_base64(encrypted_blocks(plain)), app_id);
  if (opened)
    fuzz::require(plain.find(*opened + app_id) != std::string::npos);
}

void open_with_any_padding(std::string_view bytes) {
  open_blocks(std::string{bytes.substr(0, bytes.size() / 32 * 32)});
}

void open_with_whole_padding(std::string_view bytes) {
  auto pad = 32 - bytes.size() % 32;
  open_blocks(std::string{bytes} + std::string(pad, static_cast<char>(pad)));
}

void seal_and_open(std::string_view bytes) {
  fuzz::require(decrypt(key(), encrypt(key(), bytes, app_id), app_id) == bytes);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  deliver_unsigned(bytes);
  deliver_signed(bytes);
  decrypt(key(), bytes, app_id);
  open_with_any_padding(bytes);
  open_with_whole_padding(bytes);
  seal_and_open(bytes);
  return 0;
}
