// W17: one bad byte in a name, and the whole answer could not be read.

#include "base/lenient_json.hpp"

#include "base/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku {

using nlohmann::json;

TEST(lenient_json, w17_bad_text_is_replaced_and_the_rest_read) {
  const std::pair<std::string, std::string> table[] = {
    {"\x14\u7426\U0001F36D", "\uFFFD\u7426\U0001F36D"},
    {std::string("a\0b", 3), "a\uFFFDb"},
    {"\xC9\xF3", "\uFFFD\uFFFD"},
    {"a\tb\r\n", "a\tb\r\n"},
    {R"(http:\/\/h.example\/0)", "http://h.example/0"},
    {R"(\ud83d\ude00)", "\U0001F600"},
    {R"(\ud83d)", "\uFFFD"},
    {R"(\ud83dx\ude00)", "\uFFFDx\uFFFD"},
    {R"(\ud83d\u0041)", "\uFFFDA"},
    {R"(\uZZZZ)", "\uFFFDZZZZ"},
    {R"(it\'s \x)", "it's x"},
    {R"(\\\"\n)", "\\\"\n"}};
  for (const auto& [raw, text] : table) {
    // The control character at the end makes each one ill-formed.
    auto got = parse_leniently(R"({"nickname":")" + raw
                               + "\",\"openid\":\"oABC\",\"n\":\"\x01\"}");
    ASSERT_TRUE(got.is_object()) << raw;
    EXPECT_EQ(got.value("nickname", ""), text);
    EXPECT_EQ(got.value("openid", ""), "oABC");
  }
}

TEST(lenient_json, what_is_no_json_is_discarded) {
  for (const auto* odd :
       {"", "<html>", "{\"a\":", "{\"a\":\"\x01", "{\"a\":\"\\", "\"\\u12"})
    EXPECT_TRUE(parse_leniently(odd).is_discarded()) << odd;
}

TEST(lenient_json, what_is_json_reads_as_ever) {
  auto text = R"({"msgid":200228332,"a":["\/",null,1.5],"b":{"c":"\u0041"}})";
  EXPECT_EQ(parse_leniently(text), json::parse(text));
}

TEST(lenient_json, any_bytes_in_a_string_leave_the_others_alone) {
  EXPECT_TRUE(rc::check([](std::string bytes) {
    std::erase_if(bytes, [](char c) { return c == '"' || c == '\\'; });
    auto got = parse_leniently(R"({"name":")" + bytes + R"(","openid":"o"})");
    RC_ASSERT(got.is_object());
    RC_ASSERT(got.at("openid") == "o");
    RC_ASSERT(is_utf8(got.at("name").get<std::string>()));
  }));
}

TEST(lenient_json, never_throws) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    parse_leniently(bytes);
    parse_leniently("{\"" + bytes);
  }));
}

} // namespace zhiku
