#include "sms/parts.hpp"

namespace zhiku::sms {

namespace {

constexpr std::size_t brackets = 2;
constexpr std::size_t most_alone = 70;
constexpr std::size_t most_in_a_part = 67;

/// Two for characters beyond the basic plane, which take four bytes in UTF-8.
std::size_t units_of(std::string_view utf8) {
  std::size_t units = 0;
  for (auto c : utf8) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0u) != 0x80u)
      units += byte >= 0xF0u ? 2 : 1;
  }
  return units;
}

} // namespace

std::size_t parts_of(std::string_view sign_name, std::string_view text) {
  auto units = units_of(sign_name) + brackets + units_of(text);
  return units <= most_alone ? 1
                             : (units + most_in_a_part - 1) / most_in_a_part;
}

} // namespace zhiku::sms
