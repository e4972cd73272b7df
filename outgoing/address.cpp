#include "outgoing/address.hpp"

#include <algorithm>
#include <memory>

#include <curl/curl.h>

namespace zhiku::outgoing {

namespace {

using url_ptr = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<std::string> part_of(const url_ptr& url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url.get(), part, &text, CURLU_DEFAULT_PORT) != CURLUE_OK)
    return std::nullopt;
  std::string out{text};
  curl_free(text);
  return out;
}

bool is_token(const std::string& name) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !name.empty() && std::all_of(name.begin(), name.end(), [&](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z')
           || (c >= 'A' && c <= 'Z') || marks.find(c) != std::string_view::npos;
  });
}

bool is_value(const std::string& value) {
  constexpr std::string_view forbidden{"\r\n\0", 3};
  return value.find_first_of(forbidden) == std::string::npos;
}

} // namespace

std::optional<std::string> origin_of(const std::string& url) {
  if (!is_value(url))
    return std::nullopt;
  url_ptr parsed{curl_url(), curl_url_cleanup};
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(),
                   CURLU_DISALLOW_USER)
      != CURLUE_OK)
    return std::nullopt;
  auto scheme = part_of(parsed, CURLUPART_SCHEME);
  auto host = part_of(parsed, CURLUPART_HOST);
  auto port = part_of(parsed, CURLUPART_PORT);
  if (!scheme || !host || !port || (*scheme != "http" && *scheme != "https"))
    return std::nullopt;
  return *scheme + "://" + *host + ':' + *port;
}

bool are_headers(const header_list& headers) {
  return std::all_of(headers.begin(), headers.end(), [](const auto& each) {
    return is_token(each.first) && is_value(each.second);
  });
}

} // namespace zhiku::outgoing
