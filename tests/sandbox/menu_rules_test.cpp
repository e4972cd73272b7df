#include "sandbox/menu_rules.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

json click(const std::string& name = "帮助", const std::string& key = "HELP") {
  return {{"type", "click"}, {"name", name}, {"key", key}};
}

json view(const std::string& url) {
  return {{"type", "view"}, {"name", "入口"}, {"url", url}};
}

template <class... Button>
json folder(const Button&... below) {
  return {{"name", "更多"}, {"sub_button", json::array({below...})}};
}

template <class... Button>
json menu_of(const Button&... buttons) {
  return {{"button", json::array({buttons...})}};
}

template <class... Button>
int errcode_of(const Button&... buttons) {
  return judge_menu(menu_of(buttons...)).errcode;
}

} // namespace

TEST(menu_rules, take_what_the_platform_takes) {
  EXPECT_EQ(errcode_of(click()), 0);
  EXPECT_EQ(errcode_of(view("https://a.example/"),
                       folder(click(), view("http://a.example/"))),
            0);
  json scan = {{"type", "scancode_waitmsg"},
               {"name", "扫码"},
               {"key", "SCAN"},
               {"sub_button", json::array()}};
  EXPECT_EQ(errcode_of(scan), 0);
}

TEST(menu_rules, count_buttons) {
  auto one = click();
  EXPECT_EQ(judge_menu(json::object()).errcode, 40015);
  EXPECT_EQ(errcode_of(), 40016);
  EXPECT_EQ(errcode_of(one, one, one, one), 40016);
  EXPECT_EQ(errcode_of(folder(one, one, one, one, one)), 0);
  EXPECT_EQ(errcode_of(folder(one, one, one, one, one, one)), 40023);
  EXPECT_EQ(errcode_of(folder(folder(one))), 40022);
}

TEST(menu_rules, judge_fields_by_level) {
  auto both = [](const json& button) {
    return std::pair{errcode_of(button), errcode_of(folder(button))};
  };
  EXPECT_EQ(both({{"type", "other"}, {"name", "甲"}, {"key", "A"}}),
            std::pair(40017, 40024));
  EXPECT_EQ(both(click("")), std::pair(40018, 40025));
  EXPECT_EQ(both(click(std::string(17, 'a'))), std::pair(40018, 0));
  EXPECT_EQ(both(click(std::string(61, 'a'))), std::pair(40018, 40025));
  EXPECT_EQ(both(click("甲", "")), std::pair(40019, 40026));
  EXPECT_EQ(both(click("甲", std::string(129, 'k'))), std::pair(40019, 40026));
  EXPECT_EQ(both(view("")), std::pair(40020, 40027));
  EXPECT_EQ(both(view("http://" + std::string(1018, 'u'))),
            std::pair(40020, 40027));
  EXPECT_EQ(both(view("a.example")), std::pair(40055, 40054));
  EXPECT_EQ(
    both(
      {{"type", "miniprogram"}, {"name", "甲"}, {"url", "http://a.example/"}}),
    std::pair(40119, 40120));
}

TEST(menu_rules, tell_the_menu_as_the_platform_does) {
  auto menu = menu_of(click(), folder(view("http://a.example/")));
  auto told = menu_as_told(menu).at("button");
  EXPECT_EQ(told[0].at("sub_button"), json::array());
  EXPECT_EQ(told[1].at("sub_button")[0].at("sub_button"), json::array());
  auto configured = menu_as_configured(menu).at("button");
  EXPECT_EQ(configured[0], click());
  EXPECT_EQ(configured[1].at("sub_button").at("list")[0],
            view("http://a.example/"));
}

} // namespace zhiku::sandbox
