#include "domain/time.hpp"

#include <array>
#include <cstdio>

namespace zhiku::domain {

namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

constexpr hours beijing_offset{8};

/// Takes decimal digits off the front of a text.
class scanner {
public:
  explicit scanner(std::string_view text) : rest_(text) {
    // nop
  }

  /// Exactly `count` digits; marks the scan as failed otherwise.
  int digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (rest_.empty() || rest_.front() < '0' || rest_.front() > '9')
        return fail();
      value = value * 10 + (rest_.front() - '0');
      rest_.remove_prefix(1);
    }
    return value;
  }

  /// One of `allowed`; NUL when the scan failed.
  char one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == rest_.npos)
      return static_cast<char>(fail());
    char found = rest_.front();
    rest_.remove_prefix(1);
    return found;
  }

  /// The digits after a decimal point as microseconds; finer ones are cut off.
  microseconds fraction() {
    if (rest_.empty() || rest_.front() != '.')
      return microseconds{0};
    rest_.remove_prefix(1);
    std::int64_t value = digits(1);
    int count = 1;
    for (; !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9';
         rest_.remove_prefix(1), ++count)
      if (count < 6)
        value = value * 10 + (rest_.front() - '0');
    for (; count < 6; ++count)
      value *= 10;
    return microseconds{value};
  }

  bool finished() const {
    return !failed_ && rest_.empty();
  }

private:
  int fail() {
    failed_ = true;
    rest_ = {};
    return 0;
  }

  std::string_view rest_;
  bool failed_ = false;
};

minutes scan_offset(scanner& in) {
  char sign = in.one_of("Zz+-");
  if (sign != '+' && sign != '-')
    return minutes{0};
  int hour = in.digits(2);
  in.one_of(":");
  minutes offset = hours{hour} + minutes{in.digits(2)};
  return sign == '+' ? offset : -offset;
}

std::chrono::year_month_day date_of(std::chrono::sys_days day) {
  return std::chrono::year_month_day{day};
}

} // namespace

std::string to_text(instant at) {
  auto day = std::chrono::floor<days>(at);
  auto date = date_of(day);
  std::chrono::hh_mm_ss clock{at - day};
  std::array<char, 48> out;
  int length = std::snprintf(
    out.data(), out.size(), "%04d-%02u-%02uT%02d:%02d:%02d",
    static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
    static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
    static_cast<int>(clock.minutes().count()),
    static_cast<int>(clock.seconds().count()));
  std::string text(out.data(), static_cast<std::size_t>(length));
  if (auto fraction = clock.subseconds().count(); fraction != 0) {
    std::snprintf(out.data(), out.size(), ".%06d", static_cast<int>(fraction));
    text += out.data();
  }
  return text += 'Z';
}

std::optional<instant> instant_of(std::string_view text) {
  scanner in{text};
  std::chrono::year year{in.digits(4)};
  in.one_of("-");
  std::chrono::month month{static_cast<unsigned>(in.digits(2))};
  in.one_of("-");
  std::chrono::day day{static_cast<unsigned>(in.digits(2))};
  in.one_of("Tt ");
  int hour = in.digits(2);
  in.one_of(":");
  int minute = in.digits(2);
  in.one_of(":");
  int second = in.digits(2);
  auto fraction = in.fraction();
  auto offset = scan_offset(in);
  std::chrono::year_month_day date{year, month, day};
  if (!in.finished() || !date.ok() || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  return instant{std::chrono::sys_days{date}} + hours{hour} + minutes{minute}
         + seconds{second} + fraction - offset;
}

std::string to_beijing(instant at) {
  std::string text = to_text(at + beijing_offset);
  text[10] = ' ';
  text.resize(16);
  return text;
}

int beijing_day(instant at) {
  auto date = date_of(std::chrono::floor<days>(at + beijing_offset));
  return static_cast<int>(date.year()) * 10000
         + static_cast<int>(static_cast<unsigned>(date.month())) * 100
         + static_cast<int>(static_cast<unsigned>(date.day()));
}

} // namespace zhiku::domain
