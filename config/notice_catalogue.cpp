#include "config/notice_catalogue.hpp"

#include <sstream>

#include <nlohmann/json.hpp>
#include <toml++/toml.h>

namespace zhiku::config {

namespace {

nlohmann::json to_json(const toml::table& from) {
  std::ostringstream text;
  text << toml::json_formatter{from};
  return nlohmann::json::parse(text.str(), nullptr, false);
}

} // namespace

domain::notice::catalogue read_catalogue(const std::string& path,
                                         std::vector<problem>& problems) {
  auto where = path.empty() ? std::string{"built-in notices"} : path;
  try {
    auto table =
      path.empty() ? toml::parse(built_in_notices) : toml::parse_file(path);
    std::vector<domain::notice::problem> wrong;
    auto all = domain::notice::catalogue::of(to_json(table), wrong);
    for (const auto& one : wrong)
      problems.push_back({where, one.event, one.what});
    return all;
  } catch (const toml::parse_error& failure) {
    problems.push_back(
      {where + ':' + std::to_string(failure.source().begin.line),
       "notifications.catalogue",
       "cannot be read: " + std::string{failure.description()}});
    return {};
  }
}

} // namespace zhiku::config
