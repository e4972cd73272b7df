#pragma once
// The menu under the account's conversation (PROTOCOL 6), as an operator keeps
// it in a file: `{"button": [{"type": "view", "name": …, "url": …}, …]}`.
// Pure, thread-safe.

#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::wechat {

struct menu_problem {
  std::string where; ///< "button.0.sub_button.2.url"
  std::string what;  ///< for the operator

  bool operator==(const menu_problem&) const = default;
};

/// Each reason for which the platform would refuse `menu`; empty: none known.
std::vector<menu_problem> menu_problems(const nlohmann::json& menu);

/// What would change if `ours` replaced `theirs`, a readable line each; empty
/// when people would see and reach the same. What the platform adds by itself
/// is not a difference.
/// @param theirs  as `api::get_menu` gives it, or null when there is none
std::vector<std::string> menu_differences(const nlohmann::json& ours,
                                          const nlohmann::json& theirs);

} // namespace zhiku::wechat
