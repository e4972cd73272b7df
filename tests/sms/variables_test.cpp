// W26: one blank or long variable, and the carrier refuses the whole message.

#include "sms/variables.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::sms {

namespace {

std::string repeated(const std::string& one, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += one;
  return out;
}

} // namespace

TEST(variables, w26_what_fits_is_kept) {
  for (const std::string fine :
       {"123456", "5", "2026年11月24日 09:00", "张三", "“入库考试”"})
    EXPECT_EQ(fitted_variable(fine, max_aliyun_variable), fine);
}

TEST(variables, w26_nothing_is_never_sent) {
  for (const std::string blank : {"", " ", "  \t", "\r\n", "\u3000", "\u00A0",
                                  "\u200B", "\uFEFF", "\x01\x02", "\xFF\xFE"})
    EXPECT_EQ(fitted_variable(blank, 20), "无") << blank;
}

TEST(variables, w26_long_ones_are_cut_at_a_character) {
  EXPECT_EQ(fitted_variable(repeated("考", 20), 20), repeated("考", 20));
  EXPECT_EQ(fitted_variable(repeated("考", 36), 20), repeated("考", 19) + "…");
  EXPECT_EQ(fitted_variable(repeated("💡", 36), 20), repeated("💡", 19) + "…");
}

TEST(variables, w26_line_breaks_and_controls_are_taken_out) {
  EXPECT_EQ(fitted_variable("第一行\r\n第二行", 20), "第一行 第二行");
  EXPECT_EQ(fitted_variable(" a\u2028b\x07 c ", 20), "a b c");
  EXPECT_EQ(fitted_variable("a\u202Eb", 20), "ab");
}

TEST(variables, w26_addresses_are_taken_out) {
  EXPECT_EQ(fitted_variable("见https://e.example/a?b=1。", 20), "见网址。");
  EXPECT_EQ(fitted_variable("HTTP://e.example 和 WWW.e.example", 20),
            "网址 和 网址");
}

TEST(variables, w26_anything_fits) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    auto most = *rc::gen::inRange<std::size_t>(1, 30);
    auto fitted = characters_of(fitted_variable(bytes, most));
    RC_ASSERT(fitted.has_value());
    RC_ASSERT(!fitted->empty());
    RC_ASSERT(fitted->size() <= most);
    RC_ASSERT(fitted->find_first_of(U"\r\n\t\0") == std::u32string::npos);
    RC_ASSERT(fitted->front() != U' ');
  }));
}

} // namespace zhiku::sms
