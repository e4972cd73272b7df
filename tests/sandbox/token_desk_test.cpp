#include "sandbox/token_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

namespace {

using namespace std::chrono_literals;
using standing = token_desk::standing;

const instant start{1'700'000'000s};

} // namespace

TEST(token_desk, a_new_token_leaves_the_former_five_minutes) {
  token_desk desk;
  auto first = desk.issue(start).token;
  auto second = desk.issue(start + 1s).token;
  EXPECT_NE(first, second);
  EXPECT_EQ(desk.check(first, start + 300s), standing::good);
  EXPECT_EQ(desk.check(first, start + 301s), standing::expired);
  EXPECT_EQ(desk.check(second, start + 301s), standing::good);
}

TEST(token_desk, the_stable_token_stays_until_five_minutes_before_its_end) {
  token_desk desk;
  auto first = desk.stable(start, false).value();
  EXPECT_EQ(first.expires_in, 7200s);
  auto later = desk.stable(start + 6000s, false).value();
  EXPECT_EQ(later.token, first.token);
  EXPECT_EQ(later.expires_in, 1200s);
  auto renewed = desk.stable(start + 6900s, false).value();
  EXPECT_NE(renewed.token, first.token);
  EXPECT_EQ(desk.check(first.token, start + 7199s), standing::good);
  EXPECT_EQ(desk.check(first.token, start + 7200s), standing::expired);
}

TEST(token_desk, force_kills_the_former_at_once) {
  token_desk desk;
  auto first = desk.stable(start, false).value().token;
  auto forced = desk.stable(start + 1s, true).value().token;
  EXPECT_NE(forced, first);
  EXPECT_EQ(desk.check(first, start + 1s), standing::unknown);
  EXPECT_EQ(desk.check(forced, start + 1s), standing::good);
}

TEST(token_desk, force_within_thirty_seconds_changes_nothing) {
  token_desk desk;
  auto forced = desk.stable(start, true).value().token;
  EXPECT_EQ(desk.stable(start + 29s, true).value().token, forced);
  EXPECT_NE(desk.stable(start + 30s, true).value().token, forced);
}

TEST(token_desk, force_twenty_times_a_day) {
  token_desk desk;
  auto now = start;
  for (int i = 0; i < 20; ++i, now += 30s)
    ASSERT_TRUE(desk.stable(now, true));
  EXPECT_FALSE(desk.stable(now, true));
  EXPECT_TRUE(desk.stable(now, false));
  EXPECT_TRUE(desk.stable(now + 24h, true));
}

TEST(token_desk, the_two_worlds_do_not_disturb_each_other) {
  token_desk desk;
  auto stable = desk.stable(start, false).value().token;
  auto plain = desk.issue(start).token;
  desk.issue(start + 1s);
  desk.stable(start + 2s, true);
  EXPECT_EQ(desk.check(stable, start + 2s), standing::unknown);
  EXPECT_EQ(desk.check(plain, start + 2s), standing::good);
}

TEST(token_desk, revoked_tokens_are_replaced) {
  token_desk desk;
  auto first = desk.stable(start, false).value().token;
  desk.revoke_all();
  EXPECT_EQ(desk.check(first, start), standing::unknown);
  EXPECT_NE(desk.stable(start, false).value().token, first);
}

} // namespace zhiku::sandbox
