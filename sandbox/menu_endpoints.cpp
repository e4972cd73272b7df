#include "sandbox/platform.hpp"

#include "sandbox/menu_rules.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

json create_menu(call& on) {
  if (auto verdict = judge_menu(on.body); verdict.errcode != 0)
    throw refusal{verdict.errcode, verdict.errmsg};
  on.in.menu = {{"button", on.body.at("button")}};
  return ok();
}

json get_menu(call& on) {
  if (on.in.menu.is_null())
    throw refusal{46003};
  return {{"menu", menu_as_told(on.in.menu)}};
}

json delete_menu(call& on) {
  on.in.menu = nullptr;
  return ok();
}

json current_menu(call& on) {
  if (on.in.menu.is_null())
    return {{"is_menu_open", 0}, {"selfmenu_info", json::object()}};
  return {{"is_menu_open", 1},
          {"selfmenu_info", menu_as_configured(on.in.menu)}};
}

} // namespace

std::vector<endpoint> menu_endpoints() {
  return {
    {"/cgi-bin/menu/create", "menu_create", method::post_json,
     access::with_token, create_menu},
    {"/cgi-bin/menu/get", "menu_get", method::get, access::with_token,
     get_menu},
    {"/cgi-bin/menu/delete", "menu_delete", method::get, access::with_token,
     delete_menu},
    {"/cgi-bin/get_current_selfmenu_info", "menu_current", method::get,
     access::with_token, current_menu},
  };
}

} // namespace zhiku::sandbox
