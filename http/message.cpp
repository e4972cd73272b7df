#include "http/message.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace zhiku::http {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto letter = lower(c);
  return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

std::string decode_component(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
    const auto low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
    if (text[i] == '%' && high >= 0 && low >= 0) {
      decoded += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::string_view unquoted(std::string_view text) {
  const bool quoted =
    text.size() >= 2 && text.front() == '"' && text.back() == '"';
  return quoted ? text.substr(1, text.size() - 2) : text;
}

/// Takes what stands before the first `separator` off the front of `rest`.
std::string_view cut(std::string_view& rest, char separator) {
  const auto part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(rest.size(), part.size() + 1));
  return part;
}

std::optional<std::string_view> find_cookie(std::string_view pairs,
                                            std::string_view name) {
  while (!pairs.empty()) {
    auto value = cut(pairs, ';');
    if (trim_blanks(cut(value, '=')) == name)
      return unquoted(trim_blanks(value));
  }
  return std::nullopt;
}

} // namespace

bool less_ignoring_case::operator()(std::string_view a,
                                    std::string_view b) const {
  return std::lexicographical_compare(
    a.begin(), a.end(), b.begin(), b.end(),
    [](char x, char y) { return lower(x) < lower(y); });
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim_blanks(std::string_view text) {
  constexpr std::string_view blanks = " \t\r\n";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string_view request::header(std::string_view name) const {
  const auto found = headers.lower_bound(name);
  const bool present =
    found != headers.end() && equal_ignoring_case(found->first, name);
  return present ? std::string_view{found->second} : std::string_view{};
}

std::optional<std::string_view> request::cookie(std::string_view name) const {
  const auto [first, last] = headers.equal_range("Cookie");
  for (auto at = first; at != last; ++at)
    if (auto found = find_cookie(at->second, name))
      return found;
  return std::nullopt;
}

query_parameter request::parameter(std::string_view name) const {
  const auto [first, last] = query.equal_range(name);
  if (first == last)
    return {};
  return {first->second, std::next(first) != last};
}

response& response::set_header(std::string_view name, std::string value) {
  std::erase_if(headers, [&](const auto& header) {
    return equal_ignoring_case(header.first, name);
  });
  return add_header(name, std::move(value));
}

response& response::add_header(std::string_view name, std::string value) {
  headers.emplace_back(name, std::move(value));
  return *this;
}

response response::json(int status, const nlohmann::json& content) {
  response made{status, {}, {}};
  made.add_header("Content-Type", "application/json; charset=utf-8");
  // Invalid UTF-8 must not turn an answer into an exception.
  made.body =
    content.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return made;
}

response response::text(int status, std::string content) {
  response made{status, {}, std::move(content)};
  made.add_header("Content-Type", "text/plain; charset=utf-8");
  return made;
}

query_map parse_query(std::string_view query) {
  query_map parsed;
  while (!query.empty()) {
    auto value = cut(query, '&');
    const auto name = cut(value, '=');
    if (!name.empty())
      parsed.emplace(decode_component(name), decode_component(value));
  }
  return parsed;
}

std::string_view reason_phrase(int status) {
  switch (status) {
  case 100:
    return "Continue";
  case 200:
    return "OK";
  case 201:
    return "Created";
  case 202:
    return "Accepted";
  case 204:
    return "No Content";
  case 206:
    return "Partial Content";
  case 301:
    return "Moved Permanently";
  case 302:
    return "Found";
  case 303:
    return "See Other";
  case 304:
    return "Not Modified";
  case 307:
    return "Temporary Redirect";
  case 308:
    return "Permanent Redirect";
  case 400:
    return "Bad Request";
  case 401:
    return "Unauthorized";
  case 403:
    return "Forbidden";
  case 404:
    return "Not Found";
  case 405:
    return "Method Not Allowed";
  case 406:
    return "Not Acceptable";
  case 408:
    return "Request Timeout";
  case 409:
    return "Conflict";
  case 410:
    return "Gone";
  case 411:
    return "Length Required";
  case 412:
    return "Precondition Failed";
  case 413:
    return "Content Too Large";
  case 414:
    return "URI Too Long";
  case 415:
    return "Unsupported Media Type";
  case 416:
    return "Range Not Satisfiable";
  case 417:
    return "Expectation Failed";
  case 422:
    return "Unprocessable Content";
  case 423:
    return "Locked";
  case 425:
    return "Too Early";
  case 428:
    return "Precondition Required";
  case 429:
    return "Too Many Requests";
  case 431:
    return "Request Header Fields Too Large";
  case 500:
    return "Internal Server Error";
  case 501:
    return "Not Implemented";
  case 502:
    return "Bad Gateway";
  case 503:
    return "Service Unavailable";
  case 504:
    return "Gateway Timeout";
  default:
    return "Unknown";
  }
}

} // namespace zhiku::http
