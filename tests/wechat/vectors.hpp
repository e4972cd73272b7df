#pragma once
// The published and generated vectors in vectors.json.

#include <fstream>
#include <stdexcept>
#include <string>

#include <nlohmann/json.hpp>

namespace zhiku::tests {

/// One section of the vectors; throws when the file lacks it, so that no test
/// passes over an empty list.
inline nlohmann::json vectors(const std::string& section) {
  std::ifstream file{ZHIKU_SOURCE_DIR "/tests/wechat/vectors.json"};
  auto found = nlohmann::json::parse(file).at(section);
  if (found.empty())
    throw std::runtime_error("no vectors in " + section);
  return found;
}

/// The text under `name`.
inline std::string text(const nlohmann::json& vector, const char* name) {
  return vector.at(name).get<std::string>();
}

} // namespace zhiku::tests
