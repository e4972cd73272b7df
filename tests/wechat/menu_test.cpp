#include "wechat/menu.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::wechat {

using nlohmann::json;

namespace {

json leaf(const std::string& type, const json& fields,
          const std::string& name = "办事") {
  json out = {{"type", type}, {"name", name}};
  out.update(fields);
  return out;
}

json view(const std::string& name = "办事") {
  return leaf("view", {{"url", "https://zhiku.example/"}}, name);
}

json menu_of(json buttons) {
  return {{"button", std::move(buttons)}};
}

json folder(json buttons) {
  return {{"name", "更多"}, {"sub_button", std::move(buttons)}};
}

/// The places found wrong with a menu of one button.
std::vector<std::string> wrong_in(const json& button) {
  std::vector<std::string> out;
  for (const auto& each : menu_problems(menu_of(json::array({button}))))
    out.push_back(each.where);
  return out;
}

using places = std::vector<std::string>;

json repeated(const json& button, int count) {
  auto out = json::array();
  for (int i = 0; i < count; ++i)
    out.push_back(button);
  return out;
}

} // namespace

TEST(menu, a_good_one_has_no_problems) {
  auto menu =
    menu_of({view(), folder({view(), leaf("click", {{"key", "HELP"}})}),
             leaf("miniprogram", {{"url", "https://zhiku.example/"},
                                  {"appid", "wx1"},
                                  {"pagepath", "pages/index"}})});
  EXPECT_TRUE(menu_problems(menu).empty());
}

TEST(menu, one_to_three_buttons) {
  EXPECT_TRUE(menu_problems(menu_of(repeated(view(), 3))).empty());
  for (const auto& odd :
       {menu_of(repeated(view(), 4)), menu_of(json::array()), json::object(),
        json(), json::array(), menu_of("text")}) {
    auto found = menu_problems(odd);
    ASSERT_EQ(found.size(), 1u) << odd;
    EXPECT_EQ(found[0].where, "button");
  }
}

TEST(menu, one_to_five_below) {
  EXPECT_TRUE(wrong_in(folder(repeated(view(), 5))).empty());
  EXPECT_EQ(wrong_in(folder(repeated(view(), 6))),
            places{"button.0.sub_button"});
  EXPECT_EQ(wrong_in(folder("text")), places{"button.0.sub_button"});
}

TEST(menu, an_empty_folder_is_a_button_without_type) {
  EXPECT_EQ(wrong_in(folder(json::array())), places{"button.0.type"});
  auto told_back = view();
  told_back["sub_button"] = json::array();
  EXPECT_TRUE(wrong_in(told_back).empty());
}

TEST(menu, a_folder_has_no_type_and_no_folder_below) {
  auto typed = folder({view()});
  typed["type"] = "view";
  EXPECT_EQ(wrong_in(typed), places{"button.0.type"});
  EXPECT_EQ(wrong_in(folder({folder({view()})})),
            places{"button.0.sub_button.0.sub_button"});
}

TEST(menu, names_are_counted_in_bytes) {
  EXPECT_TRUE(wrong_in(view("五个汉字一")).empty());
  EXPECT_EQ(wrong_in(view("六个汉字一二")), places{"button.0.name"});
  EXPECT_TRUE(wrong_in(folder({view(std::string(60, 'a'))})).empty());
  EXPECT_EQ(wrong_in(folder({view(std::string(61, 'a'))})),
            places{"button.0.sub_button.0.name"});
  EXPECT_EQ(wrong_in(view("")), places{"button.0.name"});
  auto numbered = view();
  numbered["name"] = 1;
  EXPECT_EQ(wrong_in(numbered), places{"button.0.name"});
}

TEST(menu, keys_and_addresses_are_counted_in_bytes) {
  EXPECT_TRUE(
    wrong_in(leaf("click", {{"key", std::string(128, 'k')}})).empty());
  EXPECT_EQ(wrong_in(leaf("click", {{"key", std::string(129, 'k')}})),
            places{"button.0.key"});
  auto address = [](std::size_t bytes) {
    std::string url = "https://a/";
    return leaf("view", {{"url", url + std::string(bytes - url.size(), 'u')}});
  };
  EXPECT_TRUE(wrong_in(address(1024)).empty());
  EXPECT_EQ(wrong_in(address(1025)), places{"button.0.url"});
  EXPECT_EQ(wrong_in(leaf("view", {{"url", "javascript:alert(1)"}})),
            places{"button.0.url"});
}

TEST(menu, each_type_has_its_fields) {
  for (const auto* type :
       {"click", "scancode_push", "scancode_waitmsg", "pic_sysphoto",
        "pic_photo_or_album", "pic_weixin", "location_select"})
    EXPECT_EQ(wrong_in(leaf(type, json::object())), places{"button.0.key"});
  EXPECT_EQ(wrong_in(leaf("view", json::object())), places{"button.0.url"});
  for (const auto* type : {"media_id", "view_limited"})
    EXPECT_EQ(wrong_in(leaf(type, json::object())),
              places{"button.0.media_id"});
  for (const auto* type : {"article_id", "article_view_limited"})
    EXPECT_EQ(wrong_in(leaf(type, json::object())),
              places{"button.0.article_id"});
  EXPECT_EQ(wrong_in(leaf("miniprogram", json::object())),
            (places{"button.0.url", "button.0.appid", "button.0.pagepath"}));
  EXPECT_EQ(wrong_in(leaf("hologram", json::object())),
            places{"button.0.type"});
}

TEST(menu, every_problem_is_told_at_once) {
  auto found =
    menu_problems(menu_of({leaf("click", json::object(), ""),
                           folder({leaf("view", {{"url", 1}})}), "x"}));
  ASSERT_EQ(found.size(), 4u);
  EXPECT_EQ(found[0],
            (menu_problem{"button.0.name", "is required, as a text"}));
  EXPECT_EQ(found[1].where, "button.0.key");
  EXPECT_EQ(found[2].where, "button.1.sub_button.0.url");
  EXPECT_EQ(found[3], (menu_problem{"button.2", "must be an object"}));
}

TEST(menu, what_the_platform_adds_is_no_difference) {
  auto ours = menu_of({view(), folder({view()})});
  auto bare = view();
  bare["sub_button"] = json::array();
  auto theirs =
    json{{"menu", {{"button", {bare, folder({bare})}}, {"menuid", 417200000}}}};
  EXPECT_EQ(menu_differences(ours, theirs), std::vector<std::string>{});
  EXPECT_EQ(menu_differences(ours, ours), std::vector<std::string>{});
}

TEST(menu, differences_are_lines_to_read) {
  auto ours =
    menu_of({view("报名"), folder({leaf("click", {{"key", "A"}}), view()})});
  auto theirs = menu_of({view("申报"), folder({view("办事")}), view("旧")});
  EXPECT_EQ(menu_differences(ours, theirs),
            (std::vector<std::string>{
              "button.0.name: ours \"报名\", theirs \"申报\"",
              "button.1.sub_button.0.type: ours \"click\", theirs \"view\"",
              "button.1.sub_button.0.key: ours \"A\", theirs nothing",
              "button.1.sub_button.0.url: ours nothing, theirs "
              "\"https://zhiku.example/\"",
              "button.1.sub_button.1: only ours, \"办事\" (view)",
              "button.2: only theirs, \"旧\" (view)"}));
}

TEST(menu, without_a_menu_all_is_ours) {
  auto ours = menu_of({view("报名")});
  for (const auto& none : {json(), json::object(), json::array()})
    EXPECT_EQ(menu_differences(ours, none),
              std::vector<std::string>{"button.0: only ours, \"报名\" (view)"});
}

TEST(menu, menus_for_some_people_are_mentioned) {
  auto ours = menu_of({view()});
  json theirs = {{"menu", ours}, {"conditionalmenu", {ours, ours}}};
  EXPECT_EQ(menu_differences(ours, theirs),
            std::vector<std::string>{"conditionalmenu: only theirs, 2"});
}

TEST(menu, any_mistake_in_a_file_is_told_and_not_thrown) {
  EXPECT_TRUE(rc::check([] {
    auto menu =
      menu_of({view(), folder({view(), leaf("click", {{"key", "HELP"}})})});
    auto places = menu.flatten();
    auto place = std::next(
      places.begin(), *rc::gen::inRange<std::ptrdiff_t>(0, std::ssize(places)));
    json::json_pointer at{place.key()};
    for (auto up = *rc::gen::inRange(0, 4); up > 0 && !at.empty(); --up)
      at.pop_back();
    menu[at] = *rc::gen::element<json>(
      nullptr, true, 7, "", json::array(), json::object(), json::array({1}),
      json{{"button", 1}}, json{{"name", nullptr}});
    RC_ASSERT(!menu_problems(menu).empty());
    RC_ASSERT(menu_differences(menu, menu).empty());
    menu_differences(menu, places);
  }));
}

} // namespace zhiku::wechat
