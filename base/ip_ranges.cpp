#include "base/ip_ranges.hpp"

#include <algorithm>
#include <charconv>

#include <arpa/inet.h>

namespace zhiku {

namespace {

constexpr unsigned v6_bits = 128;
constexpr unsigned v4_bits = 32;
constexpr std::array<std::uint8_t, 12> v4_prefix = {0, 0, 0, 0, 0,    0,
                                                    0, 0, 0, 0, 0xFF, 0xFF};

bool is_v6_text(std::string_view address) {
  return address.find(':') != std::string_view::npos;
}

/// A whole number of up to three digits.
std::optional<unsigned> length_of(std::string_view text) {
  unsigned value = 0;
  const auto* last = text.data() + text.size();
  auto [end, error] = std::from_chars(text.data(), last, value);
  if (text.empty() || text.size() > 3 || error != std::errc{} || end != last)
    return std::nullopt;
  return value;
}

} // namespace

std::optional<ip_address> ip_address::of(std::string_view text) {
  // inet_pton wants a C string, so a NUL inside must not end it early.
  std::string whole{text};
  if (whole.find('\0') != std::string::npos)
    return std::nullopt;
  ip_address out;
  if (inet_pton(AF_INET6, whole.c_str(), out.bytes_.data()) == 1)
    return out;
  std::copy(v4_prefix.begin(), v4_prefix.end(), out.bytes_.begin());
  if (inet_pton(AF_INET, whole.c_str(), out.bytes_.data() + v4_prefix.size())
      == 1)
    return out;
  return std::nullopt;
}

bool ip_address::is_v4() const {
  return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes_.begin());
}

std::string ip_address::network(unsigned length) const {
  auto v4 = is_v4();
  auto skipped = v4 ? v4_prefix.size() : 0;
  length = std::min(length, v4 ? v4_bits : v6_bits);
  auto kept = bytes_;
  for (unsigned bit = length; bit < (v4 ? v4_bits : v6_bits); ++bit)
    kept[skipped + bit / 8] &= static_cast<std::uint8_t>(~(0x80u >> (bit % 8)));
  std::array<char, INET6_ADDRSTRLEN> text{};
  inet_ntop(v4 ? AF_INET : AF_INET6, kept.data() + skipped, text.data(),
            text.size());
  return std::string{text.data()} + '/' + std::to_string(length);
}

std::optional<ip_range> ip_range::of(std::string_view text) {
  auto slash = text.find('/');
  auto address = ip_address::of(text.substr(0, slash));
  if (!address)
    return std::nullopt;
  ip_range out;
  out.first_ = *address;
  out.length_ = v6_bits;
  if (slash == std::string_view::npos)
    return out;
  auto length = length_of(text.substr(slash + 1));
  auto bits = is_v6_text(text) ? v6_bits : v4_bits;
  if (!length || *length > bits)
    return std::nullopt;
  out.length_ = v6_bits - bits + *length;
  return out;
}

bool ip_range::contains(const ip_address& address) const {
  for (unsigned bit = 0; bit < length_; ++bit)
    if (first_.has_bit(bit) != address.has_bit(bit))
      return false;
  return true;
}

ip_ranges::parsed ip_ranges::of(std::span<const std::string> entries) {
  parsed out;
  for (const auto& entry : entries) {
    if (auto range = ip_range::of(entry))
      out.ranges.ranges_.push_back(*range);
    else
      out.unreadable.push_back(entry);
  }
  return out;
}

bool ip_ranges::contains(std::string_view address) const {
  auto parsed_address = ip_address::of(address);
  return parsed_address
         && std::any_of(ranges_.begin(), ranges_.end(),
                        [&](const ip_range& range) {
                          return range.contains(*parsed_address);
                        });
}

} // namespace zhiku
