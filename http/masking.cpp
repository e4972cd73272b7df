#include "http/masking.hpp"

namespace zhiku::http {

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

} // namespace zhiku::http
