#pragma once
// Authorisation inside WeChat (PROTOCOL 3). Pure, thread-safe.

#include <string>
#include <string_view>

namespace zhiku::wechat {

inline constexpr std::string_view scope_base = "snsapi_base";
inline constexpr std::string_view scope_userinfo = "snsapi_userinfo";

/// Whether the platform carries `state` unaltered: 1 to 128 letters and
/// digits. Make it of random bytes in hex.
bool is_carried_state(std::string_view state);

/// Where to send the WeChat browser, parameters in the order the platform
/// checks, with the fragment it requires.
/// @param open_base     scheme and host, e.g. https://open.weixin.qq.com
/// @param redirect_uri  absolute and not encoded; no parameter of it may be
///                      named `code`, `state` or `openid`
/// @pre is_carried_state(state)
std::string authorize_url(std::string_view open_base, std::string_view app_id,
                          std::string_view redirect_uri, std::string_view scope,
                          std::string_view state);

} // namespace zhiku::wechat
