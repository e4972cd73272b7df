#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

class token_apis : public sandbox_fixture {
protected:
  json classic(const std::string& app_id, const std::string& secret,
               const std::string& grant_type = "client_credential") {
    return get("/cgi-bin/token?grant_type=" + grant_type + "&appid=" + app_id
               + "&secret=" + secret);
  }

  json tokens_made() {
    return get("/control/calls").at("tokens_made");
  }
};

} // namespace

TEST_F(token_apis, name_what_is_wrong_with_the_application) {
  EXPECT_EQ(errcode_of(classic(how_.app_id, how_.app_secret, "x")), 40002);
  EXPECT_EQ(errcode_of(classic("", how_.app_secret)), 41002);
  EXPECT_EQ(errcode_of(classic(how_.app_id, "")), 41004);
  EXPECT_EQ(errcode_of(classic("wx1", how_.app_secret)), 40013);
  EXPECT_EQ(errcode_of(classic(how_.app_id, "x")), 40125);
  EXPECT_EQ(errcode_of(get("/cgi-bin/stable_token")), 43002);
}

TEST_F(token_apis, keep_two_worlds) {
  auto stable = token();
  auto first = classic(how_.app_id, how_.app_secret).at("access_token");
  auto second = classic(how_.app_id, how_.app_secret).at("access_token");
  EXPECT_NE(first, second);
  EXPECT_EQ(token(), stable);
  EXPECT_EQ(tokens_made(),
            json({{"classic", 2}, {"stable", 1}, {"forced", 0}}));
  advance(std::chrono::minutes{5});
  auto menu = "/cgi-bin/menu/get?access_token=";
  EXPECT_EQ(errcode_of(get(menu + first.get<std::string>())), 42001);
  EXPECT_EQ(errcode_of(get(menu + second.get<std::string>())), 46003);
  EXPECT_EQ(errcode_of(get(menu + stable)), 46003);
}

TEST_F(token_apis, show_another_system_taking_the_token) {
  auto mine = token();
  post("/control/take-token");
  EXPECT_EQ(errcode_of(get("/cgi-bin/menu/get?access_token=" + mine)), 40001);
  EXPECT_NE(token(), mine);
  EXPECT_EQ(tokens_made().at("forced"), 1);
}

TEST_F(token_apis, admit_only_listed_addresses) {
  change_options({{"allow_list", {"192.0.2.1"}}});
  auto refused = classic(how_.app_id, how_.app_secret);
  EXPECT_EQ(refused.at("errcode"), 40164);
  EXPECT_TRUE(refused.at("errmsg").get<std::string>().starts_with(
    "invalid ip 127.0.0.1 ipv6 ::ffff:127.0.0.1, not in whitelist rid: "));
  change_options({{"allow_list", {"127.0.0.1"}}});
  EXPECT_TRUE(classic(how_.app_id, how_.app_secret).contains("access_token"));
}

TEST_F(token_apis, deal_one_ticket_of_each_type) {
  auto ticket = [this](const std::string& type) {
    return api_get("/cgi-bin/ticket/getticket", "&type=" + type);
  };
  auto page = ticket("jsapi");
  EXPECT_EQ(page.at("errcode"), 0);
  EXPECT_EQ(ticket("jsapi").at("ticket"), page.at("ticket"));
  EXPECT_NE(ticket("wx_card").at("ticket"), page.at("ticket"));
  EXPECT_EQ(errcode_of(ticket("other")), 40097);
  advance(std::chrono::hours{2});
  EXPECT_NE(ticket("jsapi").at("ticket"), page.at("ticket"));
}

} // namespace zhiku::sandbox
