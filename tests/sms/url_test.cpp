#include "sms/url.hpp"

#include <gtest/gtest.h>

namespace zhiku::sms {

TEST(url, splits) {
  auto whole = split_url("http://127.0.0.1:8090/sms/tencent");
  EXPECT_EQ(whole.origin, "http://127.0.0.1:8090");
  EXPECT_EQ(whole.host, "127.0.0.1:8090");
  EXPECT_EQ(whole.path, "/sms/tencent");
  EXPECT_EQ(split_url("https://sms.tencentcloudapi.com").path, "/");
  EXPECT_EQ(split_url("https://h/").path, "/");
  EXPECT_EQ(split_url("h:1/p").origin, "h:1");
}

} // namespace zhiku::sms
