#pragma once
// The two secrets that a login's browser holds.

#include "persistence/vault.hpp"

#include <initializer_list>
#include <string>
#include <string_view>

namespace zhiku::http {

struct session_secrets {
  std::string token;
  std::string csrf;
};

session_secrets new_secrets();

/// Secrets that every node makes alike of what only one browser can bring:
/// whoever repeats the last step of a login gets the same session again, and
/// no node has to remember a token. `proofs` must hold at least one secret of
/// that browser with 128 random bits.
session_secrets derived_secrets(const persistence::vault& keys,
                                std::string_view purpose,
                                std::initializer_list<std::string_view> proofs);

} // namespace zhiku::http
