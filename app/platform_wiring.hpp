#pragma once
// The platform's doings as the front door wants to be given them.

#include "actors/system.hpp"
#include "config/settings.hpp"
#include "http/api.hpp"

namespace zhiku::app {

/// Completes `with`. `system` must outlive the API.
void offer_platform(http::api_dependencies& with, actors::system& system,
                    const config::settings& how);

} // namespace zhiku::app
