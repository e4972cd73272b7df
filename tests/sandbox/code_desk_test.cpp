#include "sandbox/code_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

namespace {

using namespace std::chrono_literals;

const instant start{1'700'000'000s};

} // namespace

TEST(code_desk, a_code_is_good_once) {
  code_desk desk;
  auto code = desk.issue({"oA", "snsapi_base"}, start);
  auto first = desk.redeem(code, start + 299s);
  ASSERT_TRUE(std::holds_alternative<code_desk::grant>(first));
  EXPECT_EQ(std::get<code_desk::grant>(first).openid, "oA");
  EXPECT_EQ(std::get<int>(desk.redeem(code, start + 299s)), 40163);
}

TEST(code_desk, a_code_expires_after_five_minutes) {
  code_desk desk;
  auto code = desk.issue({"oA", "snsapi_base"}, start);
  EXPECT_EQ(std::get<int>(desk.redeem(code, start + 300s)), 42003);
  EXPECT_EQ(std::get<int>(desk.redeem("invented", start)), 40029);
}

} // namespace zhiku::sandbox
