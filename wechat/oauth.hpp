#pragma once
// The addresses of authorisation inside WeChat (PROTOCOL 3) and at a PC (4).
// Pure, thread-safe.

#include <string>
#include <string_view>

namespace zhiku::wechat {

inline constexpr std::string_view scope_base = "snsapi_base";
inline constexpr std::string_view scope_userinfo = "snsapi_userinfo";
inline constexpr std::string_view scope_login = "snsapi_login";

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

/// Where to send a PC's browser that is to show the QR code of a website
/// application. That application has an appid and a secret of its own, and its
/// openids are not those of the account: match people by unionid.
/// @param app_id  of the website application
/// @pre is_carried_state(state)
std::string qrconnect_url(std::string_view open_base, std::string_view app_id,
                          std::string_view redirect_uri,
                          std::string_view state);

} // namespace zhiku::wechat
