#pragma once
// From settings to what the folders want to be given.

#include "actors/system.hpp"
#include "config/settings.hpp"
#include "http/api.hpp"
#include "persistence/vault.hpp"
#include "wechat/api.hpp"
#include "wechat/callback.hpp"

namespace zhiku::app {

persistence::key_ring key_ring_of(const config::settings& how);
wechat::account account_of(const config::settings& how);
wechat::callback_settings callback_of(const config::settings& how);
actors::system_settings system_of(const config::settings& how);
http::api_settings api_of(const config::settings& how);
http::server_options server_of(const config::settings& how);

} // namespace zhiku::app
