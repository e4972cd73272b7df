#include "sandbox/menu_rules.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::size_t max_buttons = 3;
constexpr std::size_t max_sub_buttons = 5;
constexpr std::size_t max_key_bytes = 128;
constexpr std::size_t max_url_bytes = 1024;

/// What differs between the two levels of a menu.
struct level {
  std::size_t max_name_bytes;
  int bad_type, bad_name, bad_key, bad_url, bad_domain, unusable;
};

constexpr level top{16, 40017, 40018, 40019, 40020, 40055, 40119};
constexpr level sub{60, 40024, 40025, 40026, 40027, 40054, 40120};

/// The field without which a type is worth nothing; null for unknown types.
const char* needed_field(std::string_view type) {
  static constexpr std::array<std::string_view, 7> keyed = {
    "click",          "scancode_push",      "scancode_waitmsg",
    "pic_sysphoto",   "pic_photo_or_album", "pic_weixin",
    "location_select"};
  if (std::find(keyed.begin(), keyed.end(), type) != keyed.end())
    return "key";
  if (type == "view" || type == "miniprogram")
    return "url";
  if (type == "media_id" || type == "view_limited")
    return "media_id";
  if (type == "article_id" || type == "article_view_limited")
    return "article_id";
  return nullptr;
}

std::string text(const json& from, const char* name) {
  auto found = from.find(name);
  return found != from.end() && found->is_string() ? found->get<std::string>()
                                                   : std::string{};
}

bool has_sub_buttons(const json& button) {
  auto found = button.find("sub_button");
  return found != button.end() && found->is_array() && !found->empty();
}

menu_verdict judge_url(const std::string& url, const level& at) {
  if (url.empty() || url.size() > max_url_bytes)
    return {at.bad_url, "invalid button url size"};
  if (!url.starts_with("http://") && !url.starts_with("https://"))
    return {at.bad_domain, "invalid button url domain"};
  return {};
}

/// A button that does something.
menu_verdict judge_action(const json& button, const level& at) {
  auto type = text(button, "type");
  const auto* needed = needed_field(type);
  if (needed == nullptr)
    return {at.bad_type, "invalid button type"};
  auto value = text(button, needed);
  if (std::string_view{needed} == "key"
      && (value.empty() || value.size() > max_key_bytes))
    return {at.bad_key, "invalid button key size"};
  if (std::string_view{needed} == "url")
    if (auto verdict = judge_url(value, at); verdict.errcode != 0)
      return verdict;
  auto lacks_program =
    type == "miniprogram"
    && (text(button, "appid").empty() || text(button, "pagepath").empty());
  if (value.empty() || lacks_program)
    return {at.unusable, "invalid use button type"};
  return {};
}

menu_verdict judge_name(const json& button, const level& at) {
  auto name = text(button, "name");
  if (name.empty() || name.size() > at.max_name_bytes)
    return {at.bad_name, "invalid button name size"};
  return {};
}

menu_verdict judge_sub_button(const json& button) {
  if (!button.is_object() || has_sub_buttons(button))
    return {40022, "invalid sub button level"};
  auto verdict = judge_name(button, sub);
  return verdict.errcode != 0 ? verdict : judge_action(button, sub);
}

menu_verdict judge_button(const json& button) {
  if (!button.is_object())
    return {40017, "invalid button type"};
  if (auto verdict = judge_name(button, top); verdict.errcode != 0)
    return verdict;
  if (!has_sub_buttons(button))
    return judge_action(button, top);
  const auto& below = button.at("sub_button");
  if (below.size() > max_sub_buttons)
    return {40023, "invalid sub button size"};
  for (const auto& each : below)
    if (auto verdict = judge_sub_button(each); verdict.errcode != 0)
      return verdict;
  return {};
}

} // namespace

menu_verdict judge_menu(const json& menu) {
  auto buttons = menu.find("button");
  if (buttons == menu.end() || !buttons->is_array())
    return {40015, "invalid menu type"};
  if (buttons->empty() || buttons->size() > max_buttons)
    return {40016, "invalid button size"};
  for (const auto& button : *buttons)
    if (auto verdict = judge_button(button); verdict.errcode != 0)
      return verdict;
  return {};
}

json menu_as_told(const json& menu) {
  auto out = menu;
  for (auto& button : out.at("button")) {
    button.emplace("sub_button", json::array());
    for (auto& below : button.at("sub_button"))
      below.emplace("sub_button", json::array());
  }
  return out;
}

json menu_as_configured(const json& menu) {
  auto out = menu;
  for (auto& button : out.at("button"))
    if (has_sub_buttons(button))
      button["sub_button"] = {{"list", button.at("sub_button")}};
    else
      button.erase("sub_button");
  return out;
}

} // namespace zhiku::sandbox
