#include "wechat/signature.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

#include <algorithm>

namespace zhiku::wechat {

std::string signature_of(std::vector<std::string_view> parts) {
  std::sort(parts.begin(), parts.end());
  std::string joined;
  for (auto part : parts)
    joined += part;
  return to_hex(sha1(joined));
}

bool verify_signature(std::vector<std::string_view> parts,
                      std::string_view given) {
  return constant_time_equal(signature_of(std::move(parts)), given);
}

std::string js_signature(std::string_view jsapi_ticket,
                         std::string_view noncestr, std::int64_t timestamp,
                         std::string_view url) {
  std::string text = "jsapi_ticket=";
  text += jsapi_ticket;
  text += "&noncestr=";
  text += noncestr;
  text += "&timestamp=" + std::to_string(timestamp) + "&url=";
  text += url.substr(0, url.find('#'));
  return to_hex(sha1(text));
}

} // namespace zhiku::wechat
