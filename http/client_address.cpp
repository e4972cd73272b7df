#include "http/client_address.hpp"

namespace zhiku::http {

namespace {

/// The entries of all X-Forwarded-For lines, the last one first.
std::vector<std::string_view> forwarded_for(const request& asked) {
  std::vector<std::string_view> entries;
  auto [first, last] = asked.headers.equal_range("X-Forwarded-For");
  for (auto line = first; line != last; ++line) {
    std::string_view rest = line->second;
    for (;;) {
      auto comma = rest.find(',');
      entries.push_back(trim_blanks(rest.substr(0, comma)));
      if (comma == std::string_view::npos)
        break;
      rest.remove_prefix(comma + 1);
    }
  }
  return {entries.rbegin(), entries.rend()};
}

std::string key_of(std::string_view text, unsigned v4_length,
                   unsigned v6_length) {
  auto address = ip_address::of(text);
  if (!address)
    return std::string{text};
  return address->network(address->is_v4() ? v4_length : v6_length);
}

} // namespace

std::string client_address(const request& asked, const ip_ranges& trusted) {
  auto known = asked.remote_address;
  if (!trusted.contains(known))
    return known;
  for (auto entry : forwarded_for(asked)) {
    if (!ip_address::of(entry))
      break;
    known = entry;
    if (!trusted.contains(known))
      break;
  }
  return known;
}

std::string address_key(std::string_view address) {
  return key_of(address, 32, 64);
}

std::string network_key(std::string_view address) {
  return key_of(address, 24, 48);
}

} // namespace zhiku::http
