#include "wechat/message_crypto.hpp"

#include "base/encoding.hpp"
#include "tests/wechat/vectors.hpp"
#include "wechat/signature.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::wechat {

using tests::text;
using tests::vectors;

namespace {

constexpr const char* some_key = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
constexpr const char* other_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

message_key key_in(const nlohmann::json& vector) {
  return message_key::of(text(vector, "encoding_aes_key")).value();
}

} // namespace

TEST(message_key, vectors) {
  for (const auto& v : vectors("encoding_aes_key")) {
    auto key = message_key::of(text(v, "key"));
    ASSERT_EQ(key.has_value(), v.at("valid").get<bool>()) << v.at("key");
    if (key) {
      EXPECT_EQ(to_hex(key->bytes()), text(v, "key_hex"));
    }
  }
}

TEST(message_crypto, decrypts_the_vectors) {
  for (const auto& v : vectors("aes_decrypt"))
    EXPECT_EQ(decrypt(key_in(v), text(v, "encrypt"), text(v, "appid")),
              text(v, "message"))
      << v.at("name");
}

TEST(message_crypto, encrypts_the_vectors) {
  for (const auto& v : vectors("aes_decrypt"))
    EXPECT_EQ(encrypt(key_in(v), text(v, "message"), text(v, "appid"),
                      text(v, "random")),
              text(v, "encrypt"))
      << v.at("name");
}

TEST(message_crypto, refuses_the_reject_vectors) {
  for (const auto& v : vectors("aes_reject"))
    EXPECT_EQ(decrypt(key_in(v), text(v, "encrypt"), text(v, "appid")),
              std::nullopt)
      << v.at("name");
}

TEST(message_crypto, seals_the_reply_vectors) {
  for (const auto& v : vectors("encrypted_reply")) {
    auto key = key_in(v);
    message_crypto crypto{text(v, "appid"), text(v, "token"), {key}};
    auto sealed = crypto.seal(key, text(v, "message"), text(v, "timestamp"),
                              text(v, "nonce"), text(v, "random"));
    EXPECT_EQ(sealed.encrypted, text(v, "encrypt")) << v.at("name");
    EXPECT_EQ(sealed.msg_signature, text(v, "msg_signature")) << v.at("name");
  }
}

TEST(message_crypto, opens_with_the_previous_key_and_names_it) {
  auto current = message_key::of(some_key).value();
  auto previous = message_key::of(other_key).value();
  message_crypto before{"wx1", "token", {previous}};
  message_crypto after{"wx1", "token", {current, previous}};
  auto sealed = before.seal(previous, "hello", "1", "n");
  auto opened = after.open("1", "n", sealed.encrypted, sealed.msg_signature);
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->message, "hello");
  EXPECT_EQ(opened->key.bytes(), previous.bytes());
}

TEST(message_crypto, does_not_open_what_is_not_signed) {
  auto key = message_key::of(some_key).value();
  message_crypto crypto{"wx1", "token", {key}};
  auto sealed = crypto.seal(key, "hello", "1", "n");
  EXPECT_FALSE(
    crypto.open("1", "n", sealed.encrypted, signature_of({"token", "1", "n"})));
  EXPECT_FALSE(crypto.open("2", "n", sealed.encrypted, sealed.msg_signature));
}

TEST(message_crypto, round_trip_of_any_message) {
  EXPECT_TRUE(
    rc::check([](const std::string& message, const std::string& app_id) {
      auto key = message_key::of(some_key).value();
      RC_ASSERT(decrypt(key, encrypt(key, message, app_id), app_id) == message);
    }));
}

TEST(message_crypto, arbitrary_bytes_are_refused) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    auto key = message_key::of(some_key).value();
    RC_ASSERT(!decrypt(key, bytes, "wx1"));
    RC_ASSERT(!decrypt(key, to_base64(bytes), "wx1"));
  }));
}

TEST(message_crypto, no_changed_byte_passes_as_another_message) {
  // CBC alone does not authenticate; the signature must catch every change.
  EXPECT_TRUE(rc::check([](const std::string& message) {
    auto key = message_key::of(some_key).value();
    message_crypto crypto{"wx1", "token", {key}};
    auto sealed = crypto.seal(key, message, "1", "n");
    auto at = *rc::gen::inRange<std::size_t>(0, sealed.encrypted.size());
    sealed.encrypted[at] = sealed.encrypted[at] == 'A' ? 'B' : 'A';
    RC_ASSERT(!crypto.open("1", "n", sealed.encrypted, sealed.msg_signature));
  }));
}

} // namespace zhiku::wechat
