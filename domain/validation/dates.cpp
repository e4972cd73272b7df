#include "domain/validation/dates.hpp"

#include <array>
#include <cstdio>

namespace zhiku::domain {

namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

/// The number in `text`, all of whose characters must be digits; else -1.
int number_of(std::string_view text) {
  int value = 0;
  for (char ch : text) {
    if (ch < '0' || ch > '9')
      return -1;
    value = value * 10 + (ch - '0');
  }
  return value;
}

} // namespace

std::optional<std::chrono::year_month> month_of(std::string_view text) {
  if (text.size() != 7 || text[4] != '-')
    return std::nullopt;
  int year_number = number_of(text.substr(0, 4));
  int month_number = number_of(text.substr(5));
  if (year_number < 1 || month_number < 1 || month_number > 12)
    return std::nullopt;
  return year{year_number} / month{static_cast<unsigned>(month_number)};
}

std::optional<calendar_day> day_of(std::string_view text) {
  if (text.size() != 10 || text[7] != '-')
    return std::nullopt;
  auto in_month = month_of(text.substr(0, 7));
  int day_number = number_of(text.substr(8));
  if (!in_month || day_number < 1)
    return std::nullopt;
  calendar_day date = *in_month / day{static_cast<unsigned>(day_number)};
  return date.ok() ? std::optional{date} : std::nullopt;
}

std::string to_text(calendar_day date) {
  std::array<char, 32> out;
  int length = std::snprintf(
    out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
    static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return {out.data(), static_cast<std::size_t>(length)};
}

calendar_day beijing_date(instant at) {
  int number = beijing_day(at);
  return year{number / 10000} / month{static_cast<unsigned>(number / 100 % 100)}
         / day{static_cast<unsigned>(number % 100)};
}

int full_years(calendar_day from, calendar_day to) {
  int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
  bool before_anniversary =
    to.month() < from.month()
    || (to.month() == from.month() && to.day() < from.day());
  return before_anniversary ? years - 1 : years;
}

calendar_day add_years(calendar_day date, int years) {
  calendar_day later = date + std::chrono::years{years};
  return later.ok()
           ? later
           : calendar_day{later.year() / later.month() / std::chrono::last};
}

} // namespace zhiku::domain
