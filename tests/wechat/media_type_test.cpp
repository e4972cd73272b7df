#include "wechat/media_type.hpp"

#include <gtest/gtest.h>

namespace zhiku::wechat {

using namespace std::string_view_literals;

TEST(media_type, is_told_by_the_first_bytes) {
  EXPECT_EQ(media_type_of("\xFF\xD8\xFF\xE0"sv), "image/jpeg");
  EXPECT_EQ(media_type_of("\x89PNG\r\n\x1A\n\0\0"sv), "image/png");
  EXPECT_EQ(media_type_of("GIF89a..."), "image/gif");
  EXPECT_EQ(media_type_of("GIF87a..."), "image/gif");
  EXPECT_EQ(media_type_of("RIFF\x10\0\0\0WEBPVP8 "sv), "image/webp");
  EXPECT_EQ(media_type_of("BM\x36"sv), "image/bmp");
  EXPECT_EQ(media_type_of("#!AMR\n"), "audio/amr");
  EXPECT_EQ(media_type_of("\0\0\0\x18"
                          "ftypmp42"sv),
            "video/mp4");
}

TEST(media_type, all_else_is_unknown) {
  for (auto odd : {""sv, "\xFF\xD8"sv, "<svg/>"sv, "GIF88a"sv, "RIFF"sv,
                   "RIFF\x10\0\0\0WAVE"sv, "{\"errcode\":40007}"sv})
    EXPECT_EQ(media_type_of(odd), "");
}

} // namespace zhiku::wechat
