#pragma once
// Repeats of a write (edge 2): header `Idempotency-Key`. Pure.

#include "domain/result.hpp"

#include <string>
#include <string_view>

namespace zhiku::http {

/// The command id for a key of one asker on one route: hex of SHA-256, so that
/// nobody meets another's answers. "" without a key: the write is then not
/// remembered. `invalid_input` for a key that is not 1 to 64 visible ASCII
/// characters.
domain::result<std::string> command_id_of(std::string_view key,
                                          std::string_view owner,
                                          std::string_view route);

} // namespace zhiku::http
