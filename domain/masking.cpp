#include "domain/masking.hpp"

#include "domain/validation/text.hpp"

namespace zhiku::domain {

std::string mask_phone(std::string_view phone) {
  if (phone.size() != 11)
    return "****";
  return std::string{phone.substr(0, 3)} + "****"
         + std::string{phone.substr(7)};
}

std::string mask_name(std::string_view name) {
  std::size_t first = name.empty() ? 0 : 1;
  while (first < name.size()
         && (static_cast<unsigned char>(name[first]) & 0xc0u) == 0x80u)
    ++first;
  return std::string{name.substr(0, first)} + "*";
}

std::string mask_id(std::string_view number) {
  if (number.size() < 8)
    return "****";
  return std::string{number.substr(0, 3)} + std::string(number.size() - 5, '*')
         + std::string{number.substr(number.size() - 2)};
}

std::string mask_address(std::string_view address) {
  constexpr std::size_t shown = 6;
  auto text = decode_utf8(address);
  if (!text || text->size() <= shown)
    return "****";
  return encode_utf8(std::u32string_view{*text}.substr(0, shown)) + "****";
}

} // namespace zhiku::domain
