#include "tests/sandbox/fixture.hpp"

#include <regex>

namespace zhiku::sandbox {

namespace {

constexpr const char* send = "/cgi-bin/message/template/send";

class gate : public sandbox_fixture {
protected:
  int errcode_of_post(const std::string& path, const std::string& body) {
    auto answer = http_.Post(path, body, "application/json");
    return errcode_of(json::parse(answer->body));
  }
};

} // namespace

TEST_F(gate, asks_for_token_method_and_body_in_this_order) {
  auto with_token = std::string{send} + "?access_token=" + token();
  EXPECT_EQ(errcode_of(get(send)), 41001);
  EXPECT_EQ(errcode_of(get(std::string{send} + "?access_token=x")), 40001);
  EXPECT_EQ(errcode_of(get(with_token)), 43002);
  EXPECT_EQ(errcode_of_post(with_token, ""), 44002);
  EXPECT_EQ(errcode_of_post(with_token, "touser=o"), 47001);
  EXPECT_EQ(errcode_of_post(with_token, "[1]"), 47001);
  EXPECT_EQ(errcode_of(api_post("/cgi-bin/user/get", {})), 43001);
  EXPECT_EQ(errcode_of(get("/cgi-bin/no/such/api")), 40066);
}

TEST_F(gate, ends_each_errmsg_in_a_rid_that_can_be_asked_about) {
  auto refused = get(send).at("errmsg").get<std::string>();
  std::smatch rid;
  ASSERT_TRUE(std::regex_search(
    refused, rid,
    std::regex{"^access_token missing rid: ([0-9a-f]{8}-[0-9a-f]{8}-"
               "[0-9a-f]{8})$"}));
  auto told = api_post("/cgi-bin/openapi/rid/get", {{"rid", rid[1]}});
  EXPECT_EQ(told.at("request").at("request_url"), send);
  EXPECT_EQ(errcode_of(api_post("/cgi-bin/openapi/rid/get", {{"rid", "1"}})),
            76001);
}

// PROTOCOL 0: many answers are not labelled as JSON.
TEST_F(gate, labels_answers_as_the_platform_does) {
  EXPECT_EQ(http_.Get("/sns/auth")->get_header_value("Content-Type"),
            "text/plain");
  EXPECT_EQ(http_.Get(send)->get_header_value("Content-Type"),
            "application/json; encoding=utf-8");
}

TEST_F(gate, refuses_beyond_the_quota_until_midnight_in_beijing) {
  post("/control/quotas", {{"api", "menu_get"}, {"daily", 1}});
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/get")), 46003);
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/get")), 45009);
  advance(std::chrono::hours{24});
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/get")), 46003);
}

TEST_F(gate, kills_the_token_of_a_call_under_way) {
  post("/control/faults", {{"api", "menu_get"}, {"revoke_token", true}});
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/get")), 40001);
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/get")), 46003);
}

TEST_F(gate, uses_the_words_ordered_with_a_fault) {
  post("/control/faults",
       {{"api", "stable_token"}, {"errcode", 40164}, {"errmsg", "invalid ip"}});
  auto refused = post("/cgi-bin/stable_token", {{"appid", ""}});
  EXPECT_EQ(refused.at("errcode"), 40164);
  EXPECT_TRUE(
    refused.at("errmsg").get<std::string>().starts_with("invalid ip rid: "));
}

} // namespace zhiku::sandbox
