#include "sms/parts.hpp"

#include <string>

#include <gtest/gtest.h>

namespace zhiku::sms {

namespace {

std::string characters(std::size_t count, const std::string& one = "中") {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += one;
  return out;
}

} // namespace

TEST(parts, seventy_alone_and_sixty_seven_each_beyond) {
  EXPECT_EQ(parts_of("", ""), 1u);
  EXPECT_EQ(parts_of("", characters(68)), 1u);
  EXPECT_EQ(parts_of("", characters(69)), 2u);
  EXPECT_EQ(parts_of("", characters(132)), 2u);
  EXPECT_EQ(parts_of("", characters(133)), 3u);
}

TEST(parts, signature_and_brackets_count) {
  EXPECT_EQ(parts_of("智库", characters(66)), 1u);
  EXPECT_EQ(parts_of("智库", characters(67)), 2u);
}

TEST(parts, letters_count_like_characters_and_emoji_twice) {
  EXPECT_EQ(parts_of("", characters(68, "a")), 1u);
  EXPECT_EQ(parts_of("", characters(69, "a")), 2u);
  EXPECT_EQ(parts_of("", characters(34, "💡")), 1u);
  EXPECT_EQ(parts_of("", characters(35, "💡")), 2u);
}

} // namespace zhiku::sms
