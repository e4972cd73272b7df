#pragma once
// The catalogue of notifications: a file of the operator's, or the one that is
// built in. Internal to config/.

#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace zhiku::config {

/// config/notices.toml as it was built in.
extern const std::string_view built_in_notices;

/// Reads the file at `path`, "" for the built-in one; every problem is added
/// to `problems`.
domain::notice::catalogue read_catalogue(const std::string& path,
                                         std::vector<problem>& problems);

} // namespace zhiku::config
