#pragma once
// Lists of addresses and networks: the proxies that are trusted, and whence the
// platform says that it calls (PROTOCOL 7). Pure, thread-safe.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku {

/// An IPv4 or IPv6 address. An IPv4 address in an IPv6 one (::ffff:1.2.3.4) is
/// that IPv4 address.
class ip_address {
public:
  /// Nothing unless `text` is one address and nothing else: no port, brackets
  /// or zone.
  static std::optional<ip_address> of(std::string_view text);

  /// Of 128 bits, the highest first; those of IPv4 are the last 32.
  bool has_bit(unsigned index) const {
    return ((bytes_[index / 8] >> (7 - index % 8)) & 1u) != 0;
  }

  bool is_v4() const;

  /// The network of the first `length` bits (of 32 or of 128) as text, such as
  /// "192.0.2.0/24" or "2001:db8::/64"; a length beyond the address is cut.
  std::string network(unsigned length) const;

  bool operator==(const ip_address&) const = default;

private:
  std::array<std::uint8_t, 16> bytes_{}; ///< IPv4 as ::ffff:a.b.c.d
};

/// An address, or a network in CIDR notation.
class ip_range {
public:
  /// Nothing unless `text` is `address` or `address/length`. Bits beyond the
  /// length may be set and are ignored.
  static std::optional<ip_range> of(std::string_view text);

  bool contains(const ip_address& address) const;

private:
  ip_address first_;
  unsigned length_ = 0; ///< of the prefix, in bits of the 128
};

class ip_ranges {
public:
  struct parsed;

  /// Every entry that can be read; the others by their text, for the log.
  static parsed of(std::span<const std::string> entries);

  /// Also false when `address` is no address.
  bool contains(std::string_view address) const;

  bool empty() const {
    return ranges_.empty();
  }

private:
  std::vector<ip_range> ranges_;
};

struct ip_ranges::parsed {
  ip_ranges ranges;
  std::vector<std::string> unreadable;
};

} // namespace zhiku
