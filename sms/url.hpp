#pragma once
// A URL in the two halves an HTTP client wants. Pure.

#include <string>

namespace zhiku::sms {

struct url_parts {
  std::string origin; ///< scheme, host and port
  std::string host;   ///< host and port, as the `Host` header carries them
  std::string path;   ///< "/" when the URL has none
};

url_parts split_url(const std::string& url);

} // namespace zhiku::sms
