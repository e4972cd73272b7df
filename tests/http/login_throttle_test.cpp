#include "http/login_throttle.hpp"

#include <gtest/gtest.h>

namespace zhiku::http {

namespace {

using std::chrono::seconds;

struct login_throttle_test : testing::Test {
  login_throttle throttle;
  domain::instant now = *domain::instant_of("2026-11-23T08:00:00Z");

  seconds enter(const std::string& login = "wang",
                const std::string& address = "192.0.2.1") {
    return throttle.enter(login, address, now);
  }
};

} // namespace

TEST_F(login_throttle_test, delays_double_up_to_five_minutes) {
  const std::vector<seconds> expected{
    seconds{0},   seconds{0},   seconds{0},   seconds{1},  seconds{2},
    seconds{4},   seconds{8},   seconds{16},  seconds{32}, seconds{64},
    seconds{128}, seconds{256}, seconds{300}, seconds{300}};
  for (auto wait : expected) {
    if (wait > seconds{0}) {
      EXPECT_EQ(enter(), wait);
    }
    now += wait;
    EXPECT_EQ(enter(), seconds{0});
  }
}

TEST_F(login_throttle_test, many_tries_at_once_are_no_way_round) {
  int taken = 0;
  for (int i = 0; i < 100; ++i)
    taken += enter() == seconds{0} ? 1 : 0;
  EXPECT_EQ(taken, 3);
}

TEST_F(login_throttle_test, a_v6_network_is_one_address) {
  int taken = 0;
  for (int i = 0; i < 100; ++i)
    taken +=
      enter("wang", "2001:db8::" + std::to_string(i)) == seconds{0} ? 1 : 0;
  EXPECT_EQ(taken, 3);
}

TEST_F(login_throttle_test, a_known_account_is_no_licence_to_guess) {
  int taken = 0;
  for (int i = 0; i < 100; ++i) {
    taken += enter("nobody-" + std::to_string(i)) == seconds{0} ? 1 : 0;
    if (enter("own") == seconds{0})
      throttle.succeeded("own", "192.0.2.1");
  }
  EXPECT_LE(taken, 21);
}

TEST_F(login_throttle_test, forgets_after_an_hour_of_peace) {
  for (int i = 0; i < 10; ++i) {
    enter();
    now += seconds{300};
  }
  EXPECT_EQ(throttle.failures("wang"), 10);
  now += seconds{3601};
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(enter(), seconds{0});
  EXPECT_EQ(throttle.failures("wang"), 3);
}

TEST_F(login_throttle_test, is_bounded) {
  login_throttle small{2};
  int kept = 0;
  for (int i = 0; i < 100; ++i)
    small.enter("login-" + std::to_string(i), "192.0.2." + std::to_string(i),
                now);
  for (int i = 0; i < 100; ++i)
    kept += small.failures("login-" + std::to_string(i));
  EXPECT_EQ(kept, 2);
}

} // namespace zhiku::http
