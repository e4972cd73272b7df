#include "http/client_look.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::http {

namespace {

struct mark {
  std::string_view in_agent;
  std::string_view name;
};

// Most browsers claim to be others too: the more special comes first.
constexpr mark browsers[] = {
  {"wxwork", "企业微信"},         {"MicroMessenger", "微信内置浏览器"},
  {"QQBrowser", "QQ 浏览器"},     {"360SE", "360 浏览器"},
  {"360EE", "360 浏览器"},        {"Edg/", "Edge 浏览器"},
  {"Firefox/", "Firefox 浏览器"}, {"Chrome/", "Chrome 浏览器"},
  {"Safari/", "Safari 浏览器"},
};

constexpr mark systems[] = {
  {"HarmonyOS", "鸿蒙系统"},   {"OpenHarmony", "鸿蒙系统"},
  {"Android", "安卓系统"},     {"iPhone", "iOS 系统"},
  {"iPad", "iPadOS 系统"},     {"Windows", "Windows 系统"},
  {"Macintosh", "macOS 系统"}, {"CrOS", "ChromeOS 系统"},
  {"Linux", "Linux 系统"},
};

template <std::size_t Count>
std::string_view name_in(const mark (&marks)[Count], std::string_view agent,
                         std::string_view otherwise) {
  auto found =
    std::find_if(std::begin(marks), std::end(marks), [=](const mark& one) {
      return agent.find(one.in_agent) != std::string_view::npos;
    });
  return found == std::end(marks) ? otherwise : found->name;
}

/// `text` before its separator number `count`.
std::string_view before_nth(std::string_view text, char separator, int count) {
  std::size_t at = 0;
  for (; count > 0; --count) {
    at = text.find(separator, at);
    if (at == std::string_view::npos)
      return text;
    ++at;
  }
  return text.substr(0, at - 1);
}

} // namespace

std::string device_of(std::string_view user_agent) {
  return std::string{name_in(browsers, user_agent, "未知浏览器")} + "，"
         + std::string{name_in(systems, user_agent, "未知系统")};
}

bool is_wechat(std::string_view user_agent) {
  constexpr auto none = std::string_view::npos;
  return user_agent.find("MicroMessenger") != none
         && user_agent.find("wxwork") == none;
}

std::string network_of(std::string_view address) {
  if (address.find(':') == std::string_view::npos)
    return std::string{before_nth(address, '.', 3)} + ".*";
  auto mapped = address.rfind(':');
  if (address.find('.', mapped) != std::string_view::npos)
    return network_of(address.substr(mapped + 1));
  // The first 48 bits: what a provider gives one customer at the most.
  auto compressed = address.find("::");
  auto network = before_nth(address, ':', 3);
  if (compressed != std::string_view::npos)
    network = network.substr(0, std::min(compressed, network.size()));
  return std::string{network} + "::*";
}

} // namespace zhiku::http
