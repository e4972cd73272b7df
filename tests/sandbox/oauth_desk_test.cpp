#include "sandbox/oauth_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

const instant start{1'700'000'000s};
const oauth_desk::grant asked{"wx1", "oPerson", "oPerson", "snsapi_userinfo"};

/// The errcode of a refusal; 0 for a value.
template <class T>
int errcode_of(const oauth_desk::outcome<T>& outcome) {
  const auto* errcode = std::get_if<int>(&outcome);
  return errcode == nullptr ? 0 : *errcode;
}

} // namespace

TEST(oauth_desk, takes_a_code_once_in_time_and_from_its_application) {
  oauth_desk desk;
  auto code = desk.issue_code(asked, start, 5min);
  EXPECT_EQ(errcode_of(desk.redeem("wx1", "invented", start)), 40029);
  EXPECT_EQ(errcode_of(desk.redeem("wx2", code, start)), 40029);
  auto grant = desk.redeem("wx1", code, start + 299s);
  EXPECT_EQ(std::get<oauth_desk::grant>(grant).openid, "oPerson");
  EXPECT_EQ(errcode_of(desk.redeem("wx1", code, start + 299s)), 40163);
  auto late = desk.issue_code(asked, start, 5min);
  EXPECT_EQ(errcode_of(desk.redeem("wx1", late, start + 5min)), 42003);
}

TEST(oauth_desk, prolongs_a_live_access_token_and_replaces_a_dead_one) {
  oauth_desk desk;
  auto first = desk.issue_tokens(asked, start);
  auto later = start + 7000s;
  auto same = desk.refresh("wx1", first.refresh_token, later);
  EXPECT_EQ(std::get<oauth_desk::tokens>(same).access_token,
            first.access_token);
  EXPECT_EQ(errcode_of(desk.check(first.access_token, later + 7199s)), 0);
  EXPECT_EQ(errcode_of(desk.check(first.access_token, later + 7200s)), 42001);
  auto other = desk.refresh("wx1", first.refresh_token, later + 7200s);
  EXPECT_NE(std::get<oauth_desk::tokens>(other).access_token,
            first.access_token);
  EXPECT_EQ(errcode_of(desk.check(first.access_token, later + 7200s)), 42001);
}

TEST(oauth_desk, refuses_what_is_over) {
  oauth_desk desk;
  auto issued = desk.issue_tokens(asked, start);
  EXPECT_EQ(errcode_of(desk.check("invented", start)), 40001);
  EXPECT_EQ(errcode_of(desk.refresh("wx1", "invented", start)), 40030);
  EXPECT_EQ(errcode_of(desk.refresh("wx2", issued.refresh_token, start)),
            40030);
  auto a_month_later = start + std::chrono::days{30};
  EXPECT_EQ(
    errcode_of(desk.refresh("wx1", issued.refresh_token, a_month_later)),
    42002);
  desk.password_changed("oPerson");
  EXPECT_EQ(errcode_of(desk.refresh("wx1", issued.refresh_token, start)),
            42007);
  EXPECT_EQ(errcode_of(desk.check(issued.access_token, start)), 42007);
}

} // namespace zhiku::sandbox
