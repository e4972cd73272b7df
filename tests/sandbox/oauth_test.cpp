#include "tests/sandbox/fixture.hpp"

#include "wechat/oauth.hpp"

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

class oauth : public sandbox_fixture {
protected:
  /// Path and query of the authorisation page, as a browser asks for it.
  std::string page() const {
    auto url = wechat::authorize_url({}, how_.app_id,
                                     "http://127.0.0.1:8080/wechat/oauth",
                                     wechat::scope_base, "a1b2c3");
    return url.substr(0, url.find('#'));
  }

  /// Where the page sends this follower; empty when it does not.
  std::string location_for(const std::string& openid) {
    auto answer =
      http_.Get(page(), {{"Cookie", "a=b; sandbox_openid=" + openid}});
    return answer->get_header_value("Location");
  }

  std::string code_for(const std::string& openid) {
    auto location = location_for(openid);
    auto from = location.find("code=") + 5;
    return location.substr(from, location.find('&', from) - from);
  }

  wechat::api api_{account(), client_};
};

} // namespace

TEST_F(oauth, brings_a_follower_back_with_code_and_state) {
  auto openid = new_follower();
  auto location = location_for(openid);
  EXPECT_TRUE(location.starts_with("http://127.0.0.1:8080/wechat/oauth?code="));
  EXPECT_TRUE(location.ends_with("&state=a1b2c3"));
  auto visitor = api_.exchange_code(code_for(openid));
  ASSERT_TRUE(visitor) << visitor.error().errmsg;
  EXPECT_EQ(visitor->openid, openid);
  EXPECT_EQ(visitor->scope, "snsapi_base");
  EXPECT_FALSE(visitor->is_snapshotuser);
}

TEST_F(oauth, takes_a_code_once_and_in_time) {
  auto openid = new_follower();
  auto code = code_for(openid);
  EXPECT_TRUE(api_.exchange_code(code));
  EXPECT_EQ(api_.exchange_code(code).error().errcode, 40163);
  EXPECT_EQ(api_.exchange_code("invented").error().errcode, 40029);
  auto late = code_for(openid);
  advance(301s);
  EXPECT_EQ(api_.exchange_code(late).error().errcode, 42003);
}

TEST_F(oauth, tells_a_snapshot_user) {
  auto openid = new_follower();
  post("/control/faults", {{"api", "oauth"}, {"snapshot", true}});
  EXPECT_TRUE(api_.exchange_code(code_for(openid))->is_snapshotuser);
}

TEST_F(oauth, offers_the_followers_to_a_new_browser) {
  auto openid = new_follower("李四");
  auto answer = http_.Get(page());
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_NE(answer->body.find("李四"), std::string::npos);
  auto picked = http_.Get(page() + "&sandbox_openid=" + openid);
  EXPECT_EQ(picked->status, 302);
  EXPECT_NE(picked->get_header_value("Set-Cookie").find(openid),
            std::string::npos);
}

TEST_F(oauth, checks_the_order_of_the_parameters) {
  auto openid = new_follower();
  auto swapped = "/connect/oauth2/authorize?redirect_uri=http%3A%2F%2Fa%2F"
                 "&appid="
                 + how_.app_id
                 + "&response_type=code&scope=snsapi_base&state=1"
                   "&sandbox_openid="
                 + openid;
  auto answer = http_.Get(swapped);
  EXPECT_EQ(answer->status, 200);
  EXPECT_FALSE(answer->has_header("Location"));
}

} // namespace zhiku::sandbox
