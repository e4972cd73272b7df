#include "base/encoding.hpp"

#include <rapidcheck/gtest.h>

namespace zhiku {
namespace {

TEST(hex, knows_both_cases_and_refuses_the_rest) {
  EXPECT_EQ(to_hex(std::string{"\x00\xff\x1a", 3}), "00ff1a");
  EXPECT_EQ(from_hex("00FF1a"), std::string("\x00\xff\x1a", 3));
  EXPECT_EQ(from_hex(""), "");
  EXPECT_EQ(from_hex("abc"), std::nullopt);
  EXPECT_EQ(from_hex("zz"), std::nullopt);
}

TEST(base64, agrees_with_rfc_4648) {
  const std::pair<std::string, std::string> vectors[] = {
    {"", ""},
    {"f", "Zg=="},
    {"fo", "Zm8="},
    {"foo", "Zm9v"},
    {"foob", "Zm9vYg=="},
    {"fooba", "Zm9vYmE="},
    {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(base64, does_without_padding_but_not_with_foreign_characters) {
  EXPECT_EQ(from_base64("Zm8"), "fo");
  EXPECT_EQ(from_base64("Zm9vY"), std::nullopt);
  EXPECT_EQ(from_base64("Zm9v!A=="), std::nullopt);
  EXPECT_EQ(from_base64("Zm-_"), std::nullopt);
}

TEST(base64, ignores_spare_bits_as_real_keys_carry_them) {
  EXPECT_EQ(from_base64("Zh=="), "f");
}

TEST(base64url, has_no_padding_and_no_reserved_characters) {
  EXPECT_EQ(to_base64url("\xfb\xff\xfe"), "-__-");
  EXPECT_EQ(to_base64url("f"), "Zg");
}

TEST(percent_encode, leaves_only_unreserved_characters_bare) {
  EXPECT_EQ(percent_encode("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encode("a b/c?d=e&f"), "a%20b%2Fc%3Fd%3De%26f");
  EXPECT_EQ(percent_encode("智"), "%E6%99%BA");
}

RC_GTEST_PROP(encodings, come_back_as_they_went, (const std::string& bytes)) {
  RC_ASSERT(from_hex(to_hex(bytes)) == bytes);
  RC_ASSERT(from_base64(to_base64(bytes)) == bytes);
}

} // namespace
} // namespace zhiku
