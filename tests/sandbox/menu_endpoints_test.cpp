#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

class menus : public sandbox_fixture {};

} // namespace

TEST_F(menus, are_refused_with_the_errcode_of_the_rule) {
  auto create = [this](const json& buttons) {
    return errcode_of(api_post("/cgi-bin/menu/create", {{"button", buttons}}));
  };
  EXPECT_EQ(create(json::array()), 40016);
  EXPECT_EQ(create({{{"type", "click"}, {"name", "帮助"}, {"key", ""}}}),
            40019);
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/get")), 46003);
}

TEST_F(menus, are_told_in_two_ways) {
  auto info = "/cgi-bin/get_current_selfmenu_info";
  EXPECT_EQ(api_get(info).at("is_menu_open"), 0);
  json below = {
    {"type", "view"}, {"name", "甲"}, {"url", "https://a.example/"}};
  EXPECT_EQ(errcode_of(api_post(
              "/cgi-bin/menu/create",
              {{"button",
                {{{"name", "更多"}, {"sub_button", json::array({below})}}}}})),
            0);
  auto told = api_get(info);
  EXPECT_EQ(told.at("is_menu_open"), 1);
  EXPECT_EQ(
    told.at("selfmenu_info").at("button")[0].at("sub_button").at("list")[0],
    below);
  auto button = api_get("/cgi-bin/menu/get").at("menu").at("button")[0];
  EXPECT_EQ(button.at("sub_button")[0].at("url"), "https://a.example/");
  EXPECT_EQ(errcode_of(api_get("/cgi-bin/menu/delete")), 0);
  EXPECT_EQ(api_get(info).at("is_menu_open"), 0);
}

} // namespace zhiku::sandbox
