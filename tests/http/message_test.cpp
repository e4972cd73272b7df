#include "http/message.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace zhiku::http {

namespace {

TEST(message, header_names_ignore_case_and_values_do_not) {
  request asked;
  asked.headers.emplace("X-Thing", "Aa");
  asked.headers.emplace("x-thing", "second");
  EXPECT_EQ(asked.header("x-THING"), "Aa");
  EXPECT_EQ(asked.header("X-Thin"), "");
}

TEST(message, cookies_are_found_among_others_by_exact_name) {
  request asked;
  asked.headers.emplace("Cookie", "xa=1; a=2;b=; c=\"3=4\"");
  asked.headers.emplace("Cookie", "a=5; d=6");
  EXPECT_EQ(asked.cookie("a"), "2");
  EXPECT_EQ(asked.cookie("b"), "");
  EXPECT_EQ(asked.cookie("c"), "3=4");
  EXPECT_EQ(asked.cookie("d"), "6");
  EXPECT_FALSE(asked.cookie("A").has_value());
}

TEST(message, query_keeps_repeats_and_broken_escapes) {
  request asked;
  asked.query = parse_query("a=1&a=1&&=x&flag&e=%E4%B8%AD%zz%4&t=a%3Db=c+d");
  EXPECT_EQ(asked.parameter("a").value, "1");
  EXPECT_TRUE(asked.parameter("a").repeated);
  EXPECT_EQ(asked.parameter("flag").value, "");
  EXPECT_FALSE(asked.parameter("flag").repeated);
  EXPECT_EQ(asked.parameter("e").value, "\xE4\xB8\xAD%zz%4");
  EXPECT_EQ(asked.parameter("t").value, "a=b=c d");
  EXPECT_EQ(asked.query.size(), 5u);
}

TEST(message, json_survives_broken_utf_8) {
  const auto made = response::json(200, {{"text", "\xFF"}});
  EXPECT_EQ(made.body, "{\"text\":\"\xEF\xBF\xBD\"}");
}

TEST(message, set_header_replaces_and_add_header_adds) {
  response made;
  made.add_header("A", "1").add_header("a", "2").set_header("a", "3");
  made.add_header("A", "4");
  ASSERT_EQ(made.headers.size(), 2u);
  EXPECT_EQ(made.headers[0].second, "3");
  EXPECT_EQ(made.headers[1].second, "4");
}

} // namespace

} // namespace zhiku::http
