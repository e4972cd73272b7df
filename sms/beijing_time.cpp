#include "sms/beijing_time.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace zhiku::sms {

using namespace std::chrono;

namespace {

constexpr hours offset{8};
constexpr std::string_view form = "dddd-dd-dd dd:dd:dd";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool has_form(std::string_view text) {
  return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                    [](char c, char wanted) {
                      return wanted == 'd' ? is_digit(c) : c == wanted;
                    });
}

/// @pre digits only
int number_at(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (auto c : text.substr(from, count))
    value = value * 10 + (c - '0');
  return value;
}

std::string digits(unsigned value, std::size_t width) {
  auto text = std::to_string(value);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

} // namespace

std::optional<sys_seconds> from_beijing(std::string_view text) {
  if (!has_form(text))
    return std::nullopt;
  auto two = [text](std::size_t from) { return number_at(text, from, 2); };
  year_month_day date{year{number_at(text, 0, 4)},
                      month{static_cast<unsigned>(two(5))},
                      day{static_cast<unsigned>(two(8))}};
  if (!date.ok() || two(11) > 23 || two(14) > 59 || two(17) > 59)
    return std::nullopt;
  return sys_days{date} + hours{two(11)} + minutes{two(14)} + seconds{two(17)}
         - offset;
}

std::string beijing_day(sys_seconds at) {
  year_month_day date{floor<days>(at + offset)};
  return digits(static_cast<unsigned>(static_cast<int>(date.year())), 4)
         + digits(static_cast<unsigned>(date.month()), 2)
         + digits(static_cast<unsigned>(date.day()), 2);
}

} // namespace zhiku::sms
