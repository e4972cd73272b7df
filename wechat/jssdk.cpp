#include "wechat/jssdk.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

namespace zhiku::wechat {

std::string_view signed_part_of(std::string_view url) {
  return url.substr(0, url.find('#'));
}

bool is_own_page(std::string_view url, std::string_view base_url) {
  while (base_url.ends_with('/'))
    base_url.remove_suffix(1);
  if (base_url.empty() || !url.starts_with(base_url))
    return false;
  // What follows must begin the path, or https://a.example.evil would pass.
  auto rest = url.substr(base_url.size());
  return rest.empty() || rest[0] == '/' || rest[0] == '?' || rest[0] == '#';
}

std::string js_signature(std::string_view jsapi_ticket,
                         std::string_view noncestr, std::int64_t timestamp,
                         std::string_view url) {
  std::string text = "jsapi_ticket=";
  text += jsapi_ticket;
  text += "&noncestr=";
  text += noncestr;
  text += "&timestamp=" + std::to_string(timestamp) + "&url=";
  text += signed_part_of(url);
  return to_hex(sha1(text));
}

} // namespace zhiku::wechat
