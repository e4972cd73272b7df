#include "sandbox/frame_check.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

namespace {

constexpr const char* origin = "http://127.0.0.1:8090";

} // namespace

TEST(frame_check, believes_the_policy_and_then_the_old_header) {
  EXPECT_TRUE(may_be_framed("", "", origin));
  EXPECT_FALSE(may_be_framed("", "DENY", origin));
  EXPECT_FALSE(may_be_framed("default-src 'self'", "SAMEORIGIN", origin));
  EXPECT_FALSE(may_be_framed("frame-ancestors 'none'", "", origin));
  EXPECT_FALSE(may_be_framed("frame-ancestors http://a.example", "", origin));
  EXPECT_TRUE(may_be_framed("default-src 'none'; frame-ancestors 'self' "
                            "http://127.0.0.1:8090",
                            "DENY", origin));
  EXPECT_TRUE(may_be_framed("frame-ancestors http://127.0.0.1:*", "", origin));
}

TEST(frame_check, stays_on_this_machine) {
  EXPECT_TRUE(is_on_this_machine("http://127.0.0.1:8080/wechat/enter"));
  EXPECT_TRUE(is_on_this_machine("http://localhost:8080"));
  EXPECT_FALSE(is_on_this_machine("http://127.0.0.1.a.example:80/"));
  EXPECT_FALSE(is_on_this_machine("http://192.0.2.1:8080/"));
  EXPECT_FALSE(is_on_this_machine("file:///etc/hostname"));
}

} // namespace zhiku::sandbox
