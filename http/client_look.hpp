#pragma once
// How a client looks to a person who is to recognise it. Only hints: a client
// says what it likes. Pure.

#include <string>
#include <string_view>

namespace zhiku::http {

/// Browser family and system in Chinese: "Chrome 浏览器，Windows 系统".
std::string device_of(std::string_view user_agent);

/// Whether an authorisation of a service account can end there: WeChat on any
/// system. WeCom names itself WeChat too, and cannot (W19).
bool is_wechat(std::string_view user_agent);

/// The network of a numeric address: "203.0.113.*", "2001:db8:1::*".
std::string network_of(std::string_view address);

} // namespace zhiku::http
