#include "wechat/menu.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

namespace zhiku::wechat {

using nlohmann::json;

namespace {

constexpr std::size_t max_top_buttons = 3;
constexpr std::size_t max_sub_buttons = 5;
constexpr std::size_t max_top_name_bytes = 16;
constexpr std::size_t max_sub_name_bytes = 60;

/// What a button of a type must hold; unused places are empty.
struct type_rule {
  std::string_view type;
  std::array<std::string_view, 3> fields;
};

constexpr auto types = std::to_array<type_rule>({
  {"click", {"key"}},
  {"view", {"url"}},
  {"scancode_push", {"key"}},
  {"scancode_waitmsg", {"key"}},
  {"pic_sysphoto", {"key"}},
  {"pic_photo_or_album", {"key"}},
  {"pic_weixin", {"key"}},
  {"location_select", {"key"}},
  {"media_id", {"media_id"}},
  {"view_limited", {"media_id"}},
  {"article_id", {"article_id"}},
  {"article_view_limited", {"article_id"}},
  {"miniprogram", {"url", "appid", "pagepath"}},
});

const type_rule* rule_of(std::string_view type) {
  const auto* found =
    std::find_if(types.begin(), types.end(),
                 [type](const type_rule& rule) { return rule.type == type; });
  return found == types.end() ? nullptr : found;
}

/// The most bytes of a field; 0: not known.
std::size_t max_bytes_of(std::string_view field) {
  if (field == "key")
    return 128;
  return field == "url" ? 1024 : 0;
}

std::string text_at(const json& button, std::string_view field) {
  auto it = button.is_object() ? button.find(field) : button.end();
  return it != button.end() && it->is_string() ? it->get<std::string>()
                                               : std::string{};
}

/// The buttons below; an empty list is what the platform adds to leaves.
const json& children_of(const json& button) {
  static const json none = json::array();
  if (!button.is_object())
    return none;
  auto it = button.find("sub_button");
  return it != button.end() && it->is_array() ? *it : none;
}

std::string below(const std::string& where, std::string_view field) {
  return (where.empty() ? where : where + '.') + std::string{field};
}

// --- problems ----------------------------------------------------------------

using problems = std::vector<menu_problem>;

void check_text(problems& out, const json& button, const std::string& where,
                std::string_view field, std::size_t max_bytes) {
  auto text = text_at(button, field);
  if (text.empty())
    out.push_back({below(where, field), "is required, as a text"});
  else if (max_bytes != 0 && text.size() > max_bytes)
    out.push_back({below(where, field), "has " + std::to_string(text.size())
                                          + " bytes of at most "
                                          + std::to_string(max_bytes)});
}

bool is_web_address(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

void check_action(problems& out, const json& button, const std::string& where) {
  auto type = text_at(button, "type");
  const auto* rule = rule_of(type);
  if (rule == nullptr) {
    out.push_back({below(where, "type"),
                   type.empty() ? "is required where there is no sub_button"
                                : "is not one the platform knows: " + type});
    return;
  }
  for (auto field : rule->fields)
    if (!field.empty())
      check_text(out, button, where, field, max_bytes_of(field));
  auto url = text_at(button, "url");
  if (rule->fields[0] == "url" && !url.empty() && !is_web_address(url))
    out.push_back({below(where, "url"), "must begin with https:// or http://"});
}

void check_list(problems& out, const json& holder, const std::string& where,
                std::string_view field, std::size_t most);

bool has_children(const json& button) {
  auto it = button.find("sub_button");
  return it != button.end() && !(it->is_array() && it->empty());
}

void check_button(problems& out, const json& button, const std::string& where,
                  bool is_top) {
  if (!button.is_object()) {
    out.push_back({where, "must be an object"});
    return;
  }
  check_text(out, button, where, "name",
             is_top ? max_top_name_bytes : max_sub_name_bytes);
  if (!has_children(button))
    check_action(out, button, where);
  else if (!is_top)
    out.push_back(
      {below(where, "sub_button"), "is not possible below a sub_button"});
  else {
    if (button.contains("type"))
      out.push_back(
        {below(where, "type"), "is not possible where there is a sub_button"});
    check_list(out, button, where, "sub_button", max_sub_buttons);
  }
}

void check_list(problems& out, const json& holder, const std::string& where,
                std::string_view field, std::size_t most) {
  auto place = below(where, field);
  auto it = holder.is_object() ? holder.find(field) : holder.end();
  if (it == holder.end() || !it->is_array()) {
    out.push_back({place, "is required, as a list"});
    return;
  }
  if (it->empty() || it->size() > most)
    out.push_back({place, "has " + std::to_string(it->size())
                            + " buttons; 1 to " + std::to_string(most)
                            + " are possible"});
  for (std::size_t i = 0; i < it->size(); ++i)
    check_button(out, (*it)[i], below(place, std::to_string(i)), where.empty());
}

// --- differences -------------------------------------------------------------

using lines = std::vector<std::string>;

std::string shown(const std::string& text) {
  return text.empty() ? "nothing" : '"' + text + '"';
}

std::string described(const json& button) {
  auto type = text_at(button, "type");
  return shown(text_at(button, "name"))
         + (type.empty() ? "" : " (" + type + ')');
}

/// The fields that matter of either button.
std::set<std::string_view> fields_of(const json& ours, const json& theirs) {
  std::set<std::string_view> out;
  for (const auto* button : {&ours, &theirs})
    if (const auto* rule = rule_of(text_at(*button, "type")))
      for (auto field : rule->fields)
        if (!field.empty())
          out.insert(field);
  return out;
}

void compare_lists(lines& out, const json& ours, const json& theirs,
                   const std::string& where);

void compare_buttons(lines& out, const json& ours, const json& theirs,
                     const std::string& where) {
  auto compare = [&](std::string_view field) {
    auto own = text_at(ours, field);
    auto other = text_at(theirs, field);
    if (own != other)
      out.push_back(below(where, field) + ": ours " + shown(own) + ", theirs "
                    + shown(other));
  };
  compare("name");
  compare("type");
  for (auto field : fields_of(ours, theirs))
    compare(field);
  compare_lists(out, children_of(ours), children_of(theirs),
                below(where, "sub_button"));
}

void compare_lists(lines& out, const json& ours, const json& theirs,
                   const std::string& where) {
  for (std::size_t i = 0; i < std::max(ours.size(), theirs.size()); ++i) {
    auto place = below(where, std::to_string(i));
    if (i >= theirs.size())
      out.push_back(place + ": only ours, " + described(ours[i]));
    else if (i >= ours.size())
      out.push_back(place + ": only theirs, " + described(theirs[i]));
    else
      compare_buttons(out, ours[i], theirs[i], place);
  }
}

/// The buttons of a menu, bare or as the platform wraps it.
const json& buttons_of(const json& menu) {
  static const json none = json::array();
  if (!menu.is_object())
    return none;
  if (auto inner = menu.find("menu"); inner != menu.end())
    return buttons_of(*inner);
  auto it = menu.find("button");
  return it != menu.end() && it->is_array() ? *it : none;
}

} // namespace

std::vector<menu_problem> menu_problems(const json& menu) {
  problems out;
  check_list(out, menu, {}, "button", max_top_buttons);
  return out;
}

std::vector<std::string> menu_differences(const json& ours,
                                          const json& theirs) {
  lines out;
  compare_lists(out, buttons_of(ours), buttons_of(theirs), "button");
  // Menus for some people only are shown to them in place of this one.
  if (theirs.is_object() && theirs.contains("conditionalmenu")
      && !theirs["conditionalmenu"].empty())
    out.push_back("conditionalmenu: only theirs, "
                  + std::to_string(theirs["conditionalmenu"].size()));
  return out;
}

} // namespace zhiku::wechat
