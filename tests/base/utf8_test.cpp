#include "base/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku {

TEST(utf8, decodes_all_lengths) {
  EXPECT_EQ(characters_of("aé中😀"), U"aé中😀");
  EXPECT_TRUE(is_utf8("aé中😀, and more than eight"));
  EXPECT_EQ(characters_of(""), U"");
  EXPECT_TRUE(is_utf8(""));
}

TEST(utf8, refuses_malformed_text) {
  for (const auto* bad :
       {"\x80", "\xC0\xAF", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
        "\xF8\x88\x80\x80\x80", "\xE4\xB8", "\xC3(", "\xFF"})
    EXPECT_EQ(characters_of(bad), std::nullopt);
}

TEST(utf8, prefix_cuts_no_character) {
  EXPECT_EQ(prefix_within("中文", 6), "中文");
  EXPECT_EQ(prefix_within("中文", 5), "中");
  EXPECT_EQ(prefix_within("中文", 2), "");
  EXPECT_EQ(prefix_within("ab", 1), "a");
}

TEST(utf8, what_is_no_character_is_repaired) {
  EXPECT_EQ(repaired_utf8("a中"), "a中");
  EXPECT_EQ(repaired_utf8("\xE4\xB8z"), "\uFFFD\uFFFDz");
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    auto repaired = repaired_utf8(bytes);
    RC_ASSERT(is_utf8(repaired));
    RC_ASSERT(repaired_utf8(repaired) == repaired);
    RC_ASSERT(!is_utf8(bytes) || repaired == bytes);
  }));
}

TEST(utf8, round_trip) {
  EXPECT_TRUE(rc::check([](const std::vector<char32_t>& any) {
    std::u32string valid;
    for (auto c : any) {
      auto code = c % 0x110000;
      if (code < 0xD800 || code > 0xDFFF)
        valid += code;
    }
    RC_ASSERT(characters_of(utf8_of(valid)) == valid);
  }));
}

} // namespace zhiku
