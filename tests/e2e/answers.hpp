#pragma once
// Reading answers, and waiting for those that take their time.

#include "tests/e2e/browser.hpp"

#include <chrono>
#include <functional>

namespace zhiku::e2e {

inline constexpr std::chrono::seconds patience{15};

/// The member of an answer.
/// @throws broken_story when there is none
json member(const exchange& seen, const std::string& name);

/// The same for a text.
std::string text_of(const exchange& seen, const std::string& name);

/// Asks again until `is_there`.
/// @throws broken_story after `limit`
exchange wait_for(const std::string& what, const std::function<exchange()>& ask,
                  const std::function<bool(const exchange&)>& is_there,
                  std::chrono::seconds limit = patience);

/// The first text of six digits in an SMS's parameters, or "".
std::string code_in(const json& value);

} // namespace zhiku::e2e
