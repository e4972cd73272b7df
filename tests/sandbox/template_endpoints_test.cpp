#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

class templates : public sandbox_fixture {
protected:
  json add(const json& body) {
    return api_post("/cgi-bin/template/api_add_template", body);
  }

  json all() {
    return api_get("/cgi-bin/template/get_all_private_template")
      .at("template_list");
  }
};

} // namespace

TEST_F(templates, are_taken_from_the_library_with_the_wanted_keywords) {
  post(
    "/control/template-library",
    {{"template_id_short", "46588"},
     {"title", "审核结果通知"},
     {"labels", {{"thing2", "事项"}, {"phrase3", "结果"}, {"time4", "时间"}}}});
  auto added = add(
    {{"template_id_short", "46588"}, {"keyword_name_list", {"结果", "事项"}}});
  EXPECT_EQ(added.at("errcode"), 0);
  auto listed = all();
  ASSERT_EQ(listed.size(), 1u);
  EXPECT_EQ(listed[0].at("template_id"), added.at("template_id"));
  EXPECT_EQ(listed[0].at("title"), "审核结果通知");
  EXPECT_EQ(listed[0].at("content"),
            "事项：{{thing2.DATA}}\n结果：{{phrase3.DATA}}\n");
  EXPECT_EQ(errcode_of(add({{"template_id_short", "unknown"}})), 40037);
}

TEST_F(templates, are_deleted_once) {
  auto added = add({{"template_id_short", "TM00015"}});
  json which = {{"template_id", added.at("template_id")}};
  auto path = "/cgi-bin/template/del_private_template";
  EXPECT_EQ(errcode_of(api_post(path, which)), 0);
  EXPECT_EQ(errcode_of(api_post(path, which)), 40037);
  EXPECT_TRUE(all().empty());
}

TEST_F(templates, are_twenty_five_at_most) {
  for (int i = 0; i < 25; ++i)
    EXPECT_EQ(errcode_of(add({{"template_id_short", "TM00015"}})), 0);
  EXPECT_EQ(errcode_of(add({{"template_id_short", "TM00015"}})), 45026);
}

TEST_F(templates, belong_to_two_industries) {
  auto set = "/cgi-bin/template/api_set_industry";
  EXPECT_EQ(
    errcode_of(api_post(set, {{"industry_id1", "2"}, {"industry_id2", "7"}})),
    0);
  auto told = api_get("/cgi-bin/template/get_industry");
  EXPECT_EQ(told.at("primary_industry").at("second_class"), "IT软件与服务");
  EXPECT_EQ(told.at("secondary_industry").at("first_class"), "金融业");
  EXPECT_EQ(
    errcode_of(api_post(set, {{"industry_id1", "0"}, {"industry_id2", "7"}})),
    40102);
}

} // namespace zhiku::sandbox
