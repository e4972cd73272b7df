#pragma once
// What the two files of the control API share. For this folder.

#include "sandbox/route.hpp"

namespace zhiku::sandbox {

using control_function = nlohmann::json (*)(call&);

/// `{"ok":true}`.
nlohmann::json done();

void add_follower_routes(router& routes, world& in);

} // namespace zhiku::sandbox
