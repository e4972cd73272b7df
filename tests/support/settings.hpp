#pragma once
// Settings for tests: variables from a map, and what config/dev.toml says with
// some of them changed.

#include "config/settings.hpp"

#include <stdexcept>

namespace zhiku::tests {

inline config::environment environment_of(config::text_map values) {
  return [values = std::move(values)](const std::string& name) {
    auto found = values.find(name);
    return found == values.end() ? std::nullopt : std::optional{found->second};
  };
}

/// Throws std::runtime_error with the first problem, if there is one.
inline config::settings development_settings(config::text_map variables) {
  auto loaded = config::load(ZHIKU_SOURCE_DIR "/config/dev.toml",
                             environment_of(std::move(variables)));
  if (!loaded.problems.empty())
    throw std::runtime_error(config::to_text(loaded.problems.front()));
  return loaded.values;
}

} // namespace zhiku::tests
