#pragma once
// The requests that a browser makes to the authorisation pages (PROTOCOL 3,
// 4a): what is wrong with them, and where they lead. Pure.

#include "sandbox/settings.hpp"

#include <string>

#include <httplib.h>

namespace zhiku::sandbox {

/// What is wrong with a request of `/connect/oauth2/authorize`, in the page's
/// words; empty when nothing is.
/// @param domain  the registered host of redirect addresses; empty: any
std::string authorize_problem(const httplib::Request& request,
                              const settings& how, const std::string& domain);

/// The same for `/connect/qrconnect`.
std::string qrconnect_problem(const httplib::Request& request,
                              const settings& how);

/// `uri` with `query` added, whether it has one already or not.
std::string with_query(std::string uri, const std::string& query);

} // namespace zhiku::sandbox
