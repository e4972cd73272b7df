#include "sandbox/quota_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

/// 2026-11-24 20:00 in Beijing.
const instant evening =
  std::chrono::sys_days{std::chrono::year{2026} / 11 / 24} + 12h;

} // namespace

TEST(quota_desk, refuses_beyond_the_day_until_midnight_in_beijing) {
  quota_desk desk;
  desk.limit("menu_get", {2, 0});
  EXPECT_EQ(desk.admit("menu_get", evening), 0);
  EXPECT_EQ(desk.admit("menu_get", evening), 0);
  EXPECT_EQ(desk.admit("menu_get", evening), 45009);
  EXPECT_EQ(desk.admit("menu_get", evening + 4h - 1s), 45009);
  EXPECT_EQ(desk.admit("menu_get", evening + 4h), 0);
}

TEST(quota_desk, refuses_beyond_the_minute) {
  quota_desk desk;
  desk.limit("menu_get", {100, 1});
  EXPECT_EQ(desk.admit("menu_get", evening), 0);
  EXPECT_EQ(desk.admit("menu_get", evening + 59s), 45011);
  EXPECT_EQ(desk.admit("menu_get", evening + 60s), 0);
  EXPECT_EQ(desk.usage_of("menu_get", evening + 60s).today, 2);
}

TEST(quota_desk, is_cleared_ten_times_a_month) {
  quota_desk desk;
  desk.limit("menu_get", {1, 0});
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(desk.admit("menu_get", evening), 0);
    EXPECT_EQ(desk.admit("menu_get", evening), 45009);
    EXPECT_TRUE(desk.clear(evening));
  }
  EXPECT_FALSE(desk.clear(evening));
  EXPECT_TRUE(desk.clear(evening + std::chrono::days{7}));
}

TEST(quota_desk, knows_the_platforms_own_limits) {
  quota_desk desk;
  EXPECT_EQ(desk.usage_of("token", evening).allowed.daily, 2'000);
  EXPECT_EQ(desk.usage_of("stable_token", evening).allowed.minute, 10'000);
  EXPECT_EQ(desk.usage_of("template_send", evening).allowed.daily, 100'000);
}

} // namespace zhiku::sandbox
