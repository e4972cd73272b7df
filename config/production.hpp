#pragma once
// What a production server must not start with. Pure. Internal to config/.

#include "config/settings.hpp"

#include <utility>
#include <vector>

namespace zhiku::config {

/// Settings that only development may have: the key, and what is wrong with it.
std::vector<std::pair<std::string, std::string>>
production_faults(const settings& all);

} // namespace zhiku::config
