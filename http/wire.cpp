#include "http/wire.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace zhiku::http {

namespace {

/// The present second as HTTP wants it, formatted once a second and thread.
/// Not strftime, because the names must not follow the locale.
const std::string& http_date() {
  constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                              "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  thread_local std::time_t formatted = 0;
  thread_local std::string text;
  const auto now = std::time(nullptr);
  if (now == formatted)
    return text;
  std::tm utc{};
  gmtime_r(&now, &utc);
  std::array<char, 64> buffer{};
  const auto size = std::snprintf(
    buffer.data(), buffer.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
    days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
    months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900,
    utc.tm_hour, utc.tm_min, utc.tm_sec);
  text.assign(buffer.data(), static_cast<std::size_t>(size));
  formatted = now;
  return text;
}

bool is_ours(std::string_view name) {
  constexpr std::array<std::string_view, 5> names{"Date", "Content-Length",
                                                  "Connection", "X-Request-Id",
                                                  "Transfer-Encoding"};
  return std::any_of(names.begin(), names.end(), [name](auto own) {
    return equal_ignoring_case(name, own);
  });
}

bool breaks_lines(std::string_view text) {
  constexpr std::string_view breaks{"\r\n\0", 3};
  return text.find_first_of(breaks) != std::string_view::npos;
}

void append_field(std::string& to, std::string_view name,
                  std::string_view value) {
  to.append(name).append(": ").append(value).append("\r\n");
}

void append_headers(std::string& to, const response& answer) {
  for (const auto& [name, value] : answer.headers)
    if (!is_ours(name) && !breaks_lines(name) && !breaks_lines(value))
      append_field(to, name, value);
}

} // namespace

std::string to_wire(const response& answer, const wire_form& form) {
  const bool never_has_body =
    answer.status < 200 || answer.status == 204 || answer.status == 304;
  const bool sends_body = !never_has_body && !form.head_only;
  std::string wire;
  wire.reserve(256 + answer.headers.size() * 64
               + (sends_body ? answer.body.size() : 0));
  wire.append("HTTP/1.1 ").append(std::to_string(answer.status)).append(" ");
  wire.append(reason_phrase(answer.status)).append("\r\n");
  append_field(wire, "Date", http_date());
  append_field(wire, "X-Request-Id", form.request_id);
  append_headers(wire, answer);
  if (!never_has_body)
    append_field(wire, "Content-Length", std::to_string(answer.body.size()));
  if (!form.keep_alive)
    append_field(wire, "Connection", "close");
  else if (form.http_1_0)
    append_field(wire, "Connection", "keep-alive");
  wire.append("\r\n");
  if (sends_body)
    wire.append(answer.body);
  return wire;
}

} // namespace zhiku::http
