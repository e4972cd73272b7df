#include "sms/variables.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace zhiku::sms {

namespace {

constexpr std::u32string_view nothing = U"无";
constexpr std::u32string_view address = U"网址";
constexpr char32_t cut_mark = U'…';

/// Line breaks included.
bool is_blank(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0
         || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029
         || c == 0x202F || c == 0x205F || c == 0x3000;
}

/// Control characters, and those that only direct how others are shown.
bool is_invisible(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0xAD
         || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E)
         || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF
         || (c >= 0xFFF0 && c <= 0xFFFF);
}

/// Every run of blanks as one space, none at the ends, nothing invisible.
std::u32string on_one_line(std::u32string_view text) {
  std::u32string out;
  auto gap = false;
  for (auto c : text) {
    if (is_blank(c)) {
      gap = !out.empty();
    } else if (!is_invisible(c)) {
      if (gap)
        out += U' ';
      gap = false;
      out += c;
    }
  }
  return out;
}

bool may_stand_in_address(char32_t c) {
  return c > 0x20 && c < 0x7F;
}

bool begins_address(std::u32string_view text) {
  for (auto start : {U"http://", U"https://", U"ftp://", U"www."})
    if (text.starts_with(start))
      return true;
  return false;
}

std::u32string without_addresses(std::u32string_view text) {
  std::u32string lower{text};
  for (auto& c : lower)
    if (c >= U'A' && c <= U'Z')
      c += U'a' - U'A';
  std::u32string out;
  for (std::size_t at = 0; at < text.size();) {
    if (!begins_address(std::u32string_view{lower}.substr(at))) {
      out += text[at++];
      continue;
    }
    out += address;
    while (at < text.size() && may_stand_in_address(text[at]))
      ++at;
  }
  return out;
}

} // namespace

std::string fitted_variable(std::string_view text, std::size_t most) {
  auto characters = characters_of(repaired_utf8(text)).value_or(U"");
  auto fitted = without_addresses(on_one_line(characters));
  if (fitted.empty())
    fitted = nothing;
  if (fitted.size() > most) {
    fitted.resize(most);
    fitted.back() = cut_mark;
  }
  return utf8_of(fitted);
}

} // namespace zhiku::sms
