#include "sms/url.hpp"

#include <algorithm>

namespace zhiku::sms {

url_parts split_url(const std::string& url) {
  auto scheme = url.find("://");
  auto host = scheme == std::string::npos ? 0 : scheme + 3;
  auto path = std::min(url.find('/', host), url.size());
  return {url.substr(0, path), url.substr(host, path - host),
          path == url.size() ? "/" : url.substr(path)};
}

} // namespace zhiku::sms
