#pragma once
// Which menus the platform takes (PROTOCOL 6). Pure.

#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

struct menu_verdict {
  int errcode = 0; ///< 0: the menu is right
  std::string errmsg;
};

/// Judges `{"button": […]}`.
menu_verdict judge_menu(const nlohmann::json& menu);

/// The menu as `menu/get` tells it: each button with its `sub_button`.
nlohmann::json menu_as_told(const nlohmann::json& menu);

/// The menu as `get_current_selfmenu_info` tells it: `{"button": […]}`.
nlohmann::json menu_as_configured(const nlohmann::json& menu);

} // namespace zhiku::sandbox
