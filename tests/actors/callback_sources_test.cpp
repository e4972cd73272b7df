#include "actors/callback_sources.hpp"

#include <gtest/gtest.h>

namespace zhiku::actors {
namespace {

using std::chrono::hours;
using listed = wechat::result<std::vector<std::string>>;

const domain::instant now = domain::instant_of("2026-11-24T02:00:00Z").value();

struct callback_sources_test : testing::Test {
  static listed away() {
    return wechat::api_error{wechat::failure::unreachable, 0, 0, "away"};
  }

  listed answer = away();
  callback_sources sources{[this] { return answer; }};
};

TEST_F(callback_sources_test, knows_everybody_while_there_is_no_list) {
  EXPECT_TRUE(sources.knows("192.0.2.1"));
  auto how = sources.refresh(now);
  EXPECT_EQ(how.failure, "no list of addresses: 0 away");
  EXPECT_EQ(how.next, now + hours{1});
  EXPECT_TRUE(sources.knows("192.0.2.1"));
}

TEST_F(callback_sources_test, knows_addresses_and_networks) {
  answer = std::vector<std::string>{"106.55.206.146", "101.226.103.0/25"};
  auto how = sources.refresh(now);
  EXPECT_EQ(how.failure, "");
  EXPECT_EQ(how.next, now + hours{24});
  EXPECT_TRUE(sources.knows("106.55.206.146"));
  EXPECT_TRUE(sources.knows("::ffff:101.226.103.127"));
  EXPECT_FALSE(sources.knows("101.226.103.128"));
  EXPECT_FALSE(sources.knows(""));
}

TEST_F(callback_sources_test, the_list_changes) {
  answer = std::vector<std::string>{"192.0.2.1"};
  sources.refresh(now);
  answer = std::vector<std::string>{"192.0.2.2"};
  sources.refresh(now);
  EXPECT_FALSE(sources.knows("192.0.2.1"));
  EXPECT_TRUE(sources.knows("192.0.2.2"));
}

TEST_F(callback_sources_test, a_failure_leaves_the_former_list) {
  answer = std::vector<std::string>{"192.0.2.1"};
  sources.refresh(now);
  answer = away();
  EXPECT_NE(sources.refresh(now).failure, "");
  answer = std::vector<std::string>{"no address"};
  EXPECT_NE(sources.refresh(now).failure, "");
  EXPECT_TRUE(sources.knows("192.0.2.1"));
  EXPECT_FALSE(sources.knows("192.0.2.2"));
}

} // namespace
} // namespace zhiku::actors
