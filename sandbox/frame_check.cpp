#include "sandbox/frame_check.hpp"

#include "sms/url.hpp"

#include <optional>
#include <sstream>

namespace zhiku::sandbox {

namespace {

constexpr std::string_view directive = "frame-ancestors";

/// The sources that may frame, as they stand; nothing without the directive.
std::optional<std::string> ancestors_in(const std::string& policy) {
  std::istringstream parts{policy};
  for (std::string part; std::getline(parts, part, ';');) {
    auto from = part.find_first_not_of(' ');
    if (from != std::string::npos && part.substr(from).starts_with(directive))
      return part.substr(from + directive.size());
  }
  return std::nullopt;
}

} // namespace

bool may_be_framed(const std::string& policy, const std::string& old_header,
                   const std::string& origin) {
  auto ancestors = ancestors_in(policy);
  if (!ancestors)
    return old_header.empty();
  auto any_port = origin.substr(0, origin.rfind(':')) + ":*";
  std::istringstream sources{*ancestors};
  for (std::string source; sources >> source;)
    if (source == "*" || source == origin || source == any_port)
      return true;
  return false;
}

bool is_on_this_machine(const std::string& url) {
  auto host = sms::split_url(url).host;
  host = host.substr(0, host.rfind(':'));
  return url.starts_with("http://")
         && (host == "127.0.0.1" || host == "localhost");
}

} // namespace zhiku::sandbox
