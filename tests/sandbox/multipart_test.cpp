#include "sandbox/multipart.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

namespace {

constexpr auto type = "multipart/form-data; boundary=b";

} // namespace

TEST(multipart, gives_fields_and_files) {
  auto parts = parts_of_form(
    "Multipart/Form-Data; boundary=\"b\"",
    "ignored\r\n--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
    "--b\r\ncontent-type: image/png\r\ncontent-disposition: form-data;"
    " name=\"media\"; filename=\"x.png\"\r\n\r\n\r\n--c\r\n\r\n--b--\r\n");
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(parts[0].name, "a");
  EXPECT_EQ(parts[0].content, "1");
  EXPECT_EQ(parts[0].file_name, "");
  EXPECT_EQ(parts[1].name, "media");
  EXPECT_EQ(parts[1].file_name, "x.png");
  EXPECT_EQ(parts[1].content_type, "image/png");
  EXPECT_EQ(parts[1].content, "\r\n--c\r\n");
}

TEST(multipart, malformed_ones_give_what_came_before) {
  const std::string good =
    "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
  EXPECT_EQ(parts_of_form(type, good + "--b\r\nno head\r\n--b--").size(), 1u);
  EXPECT_EQ(parts_of_form(type, good + "--b\r\nno: end\r\n\r\n2").size(), 1u);
  for (const auto* odd : {"", "--b", "--b\r\n", "--b--", "--b\r\n\r\n"})
    EXPECT_TRUE(parts_of_form(type, odd).empty()) << odd;
  EXPECT_TRUE(parts_of_form("multipart/form-data", good + "--b--").empty());
  EXPECT_TRUE(parts_of_form("text/plain; boundary=b", good).empty());
}

} // namespace zhiku::sandbox
