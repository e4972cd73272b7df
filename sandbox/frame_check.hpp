#pragma once
// Whether a page lets itself be shown inside the phone on our page. Pure.

#include <string>

namespace zhiku::sandbox {

/// @param policy      the page's Content-Security-Policy; empty: none
/// @param old_header  its X-Frame-Options, which counts only without
///                    `frame-ancestors`
/// @param origin      ours, as `http://127.0.0.1:8090`
bool may_be_framed(const std::string& policy, const std::string& old_header,
                   const std::string& origin);

/// Whether `url` is on this machine: nothing else is looked at.
bool is_on_this_machine(const std::string& url);

} // namespace zhiku::sandbox
