#include "sandbox/picture.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

TEST(picture, draws_a_jpeg_for_each_text) {
  auto first = qr_jpeg("http://127.0.0.1:8090/q/ticket");
  EXPECT_TRUE(first.starts_with("\xff\xd8\xff"));
  EXPECT_TRUE(first.ends_with("\xff\xd9"));
  EXPECT_NE(first, qr_jpeg("http://127.0.0.1:8090/q/tickes"));
  EXPECT_THROW(qr_jpeg(std::string(4000, 'x')), std::invalid_argument);
}

TEST(picture, gives_everybody_a_colour) {
  EXPECT_EQ(portrait_jpeg("oA"), portrait_jpeg("oA"));
  EXPECT_NE(portrait_jpeg("oA"), portrait_jpeg("oB"));
}

} // namespace zhiku::sandbox
