#include "tests/sandbox/fixture.hpp"

#include <algorithm>

namespace zhiku::sandbox {

namespace {

class quota_apis : public sandbox_fixture {
protected:
  json quota_of(const char* path) {
    return api_post("/cgi-bin/openapi/quota/get", {{"cgi_path", path}});
  }
};

} // namespace

TEST_F(quota_apis, tell_and_clear_what_is_used) {
  api_get("/cgi-bin/menu/get");
  auto used = [this] {
    return quota_of("/cgi-bin/menu/get").at("quota").at("used");
  };
  EXPECT_EQ(used(), 1);
  EXPECT_EQ(errcode_of(api_post("/cgi-bin/clear_quota", {{"appid", "x"}})),
            40013);
  EXPECT_EQ(
    errcode_of(api_post("/cgi-bin/clear_quota", {{"appid", how_.app_id}})), 0);
  EXPECT_EQ(used(), 0);
  auto limits = quota_of("/cgi-bin/stable_token");
  EXPECT_EQ(limits.at("quota").at("daily_limit"), 500'000);
  EXPECT_EQ(limits.at("rate_limit").at("call_count"), 10'000);
  EXPECT_EQ(errcode_of(quota_of("/no/such/path")), 76021);
}

TEST_F(quota_apis, clear_with_the_secret_ten_times_a_month) {
  auto clear = [this](const std::string& secret) {
    return errcode_of(post("/cgi-bin/clear_quota/v2",
                           {{"appid", how_.app_id}, {"appsecret", secret}}));
  };
  EXPECT_EQ(clear("wrong"), 40125);
  for (int i = 0; i < 10; ++i)
    EXPECT_EQ(clear(how_.app_secret), 0);
  EXPECT_EQ(clear(how_.app_secret), 48006);
}

TEST_F(quota_apis, tell_addresses) {
  auto sources = api_get("/cgi-bin/getcallbackip").at("ip_list");
  EXPECT_EQ(std::count(sources.begin(), sources.end(), "127.0.0.1"), 1)
    << "whence the sandbox itself calls";
  EXPECT_FALSE(api_get("/cgi-bin/get_api_domain_ip").at("ip_list").empty());
  auto check = "/cgi-bin/callback/check";
  auto all =
    api_post(check, {{"action", "all"}, {"check_operator", "DEFAULT"}});
  EXPECT_TRUE(all.contains("dns") && all.contains("ping"));
  EXPECT_EQ(errcode_of(api_post(check, {{"action", "x"}})), 40097);
}

} // namespace zhiku::sandbox
