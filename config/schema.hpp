#pragma once
// The table of settings: one row each, from which the loader, the example file
// and the names of environment variables follow. Internal to config/.

#include "config/settings.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace zhiku::config {

/// What a source gave for a key before its type is known. `monostate` stands
/// for a kind of value that no setting has (a float, a date, a list).
struct given {
  std::variant<std::monostate, bool, std::int64_t, std::string, text_map> value;
  bool from_environment = false; ///< text that may stand for any type
};

enum class secrecy : bool { open, secret };

struct row {
  std::string key; ///< "http.port"
  std::string doc; ///< one sentence
  /// Stores the value; returns what is wrong with it, or "".
  std::function<std::string(settings&, const given&)> assign;
  /// The value as TOML text.
  std::function<std::string(const settings&)> show;
  /// Secret: `<key>_file` may name a file that holds it.
  secrecy kept = secrecy::open;
  /// Whole line shown in the example file instead of the default.
  std::string example = {};
};

/// All rows, those of one table side by side.
const std::vector<row>& schema();

/// The row of that key, or null.
const row* find_row(std::string_view key);

/// "http.port" -> "ZHIKU_HTTP_PORT".
std::string environment_name(std::string_view key);

} // namespace zhiku::config
