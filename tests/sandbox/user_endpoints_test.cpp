#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

class users : public sandbox_fixture {
protected:
  json info(const std::string& openid) {
    return api_get("/cgi-bin/user/info", "&openid=" + openid);
  }
};

} // namespace

TEST_F(users, are_described_without_name_and_portrait) {
  auto openid = new_follower("张三");
  auto told = info(openid);
  EXPECT_EQ(told.at("subscribe"), 1);
  EXPECT_EQ(told.at("nickname"), "");
  EXPECT_EQ(told.at("unionid"),
            get("/control/followers").at("followers")[0].at("unionid"));
  EXPECT_EQ(told.at("subscribe_scene"), "ADD_SCENE_SEARCH");
  EXPECT_EQ(errcode_of(info("oNobody")), 40003);
  EXPECT_EQ(errcode_of(info("")), 41009);
  change_options({{"bound", false}});
  EXPECT_FALSE(info(openid).contains("unionid"));
}

TEST_F(users, keep_the_scene_by_which_they_came) {
  auto openid = new_follower();
  auto person = "/control/followers/" + openid;
  post(person + "/unsubscribe");
  EXPECT_EQ(info(openid).at("subscribe"), 0);
  EXPECT_FALSE(info(openid).contains("subscribe_time"));
  api_post("/cgi-bin/qrcode/create",
           {{"action_name", "QR_SCENE"},
            {"action_info", {{"scene", {{"scene_id", 123}}}}}});
  post(person + "/scan", {{"key", "123"}});
  EXPECT_EQ(info(openid).at("subscribe_scene"), "ADD_SCENE_QR_CODE");
  EXPECT_EQ(info(openid).at("qr_scene"), 123);
  EXPECT_EQ(info(openid).at("qr_scene_str"), "");
}

TEST_F(users, are_described_in_batches) {
  auto first = new_follower();
  auto second = new_follower();
  auto batch = [this](const json& list) {
    return api_post("/cgi-bin/user/info/batchget", {{"user_list", list}});
  };
  auto told = batch({{{"openid", first}}, {{"openid", second}}});
  EXPECT_EQ(told.at("user_info_list")[1].at("openid"), second);
  EXPECT_EQ(errcode_of(batch(json::array())), 40097);
  EXPECT_EQ(errcode_of(batch({{{"openid", "oNobody"}}})), 40003);
}

TEST_F(users, are_listed_page_by_page) {
  std::vector<std::string> all = {new_follower(), new_follower(),
                                  new_follower()};
  change_options({{"user_page", 2}});
  auto page = api_get("/cgi-bin/user/get");
  EXPECT_EQ(page.at("total"), 3);
  EXPECT_EQ(page.at("data").at("openid"), json({all[0], all[1]}));
  EXPECT_EQ(page.at("next_openid"), all[1]);
  page = api_get("/cgi-bin/user/get", "&next_openid=" + all[1]);
  EXPECT_EQ(page.at("data").at("openid"), json::array({all[2]}));
  page = api_get("/cgi-bin/user/get", "&next_openid=" + all[2]);
  EXPECT_EQ(page.at("count"), 0);
  EXPECT_FALSE(page.contains("data"));
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/user/get", "&next_openid=oNobody")),
            40003);
}

} // namespace zhiku::sandbox
