#include "base/ip_ranges.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku {

namespace {

bool within(const std::string& range, const std::string& address) {
  return ip_ranges::of(std::vector{range}).ranges.contains(address);
}

std::string v4_text(std::uint32_t bits) {
  return std::to_string(bits >> 24) + '.' + std::to_string((bits >> 16) & 255)
         + '.' + std::to_string((bits >> 8) & 255) + '.'
         + std::to_string(bits & 255);
}

} // namespace

TEST(ip_ranges, the_platforms_list) {
  auto got = ip_ranges::of(
    std::vector<std::string>{"106.55.206.146", "101.226.103.0/25"});
  EXPECT_TRUE(got.unreadable.empty());
  EXPECT_TRUE(got.ranges.contains("106.55.206.146"));
  EXPECT_FALSE(got.ranges.contains("106.55.206.147"));
  EXPECT_TRUE(got.ranges.contains("101.226.103.0"));
  EXPECT_TRUE(got.ranges.contains("101.226.103.127"));
  EXPECT_FALSE(got.ranges.contains("101.226.103.128"));
}

TEST(ip_ranges, networks_of_either_kind) {
  EXPECT_TRUE(within("0.0.0.0/0", "255.255.255.255"));
  EXPECT_FALSE(within("0.0.0.0/0", "2001:db8::1"));
  EXPECT_TRUE(within("2001:db8::/32", "2001:db8:ffff::1"));
  EXPECT_FALSE(within("2001:db8::/32", "2001:db9::"));
  EXPECT_TRUE(within("10.1.2.3/32", "10.1.2.3"));
  EXPECT_FALSE(within("10.1.2.3/32", "10.1.2.2"));
  EXPECT_TRUE(within("10.1.2.3/8", "10.9.9.9"));
  EXPECT_TRUE(within("::/0", "2001:db8::1"));
}

TEST(ip_ranges, an_embedded_v4_address_is_that_address) {
  EXPECT_TRUE(within("101.226.103.0/25", "::ffff:101.226.103.5"));
  EXPECT_TRUE(within("::ffff:101.226.103.0/121", "101.226.103.5"));
  EXPECT_FALSE(within("::ffff:101.226.103.0/121", "101.226.103.128"));
}

TEST(ip_ranges, what_is_no_range_is_told) {
  const std::vector<std::string> odd = {
    "",          "1.2.3",      "1.2.3.4/",  "1.2.3.4/33",  "1.2.3.4/-1",
    "1.2.3.4/a", "1.2.3.4/8x", "::1/129",   "1.2.3.4:80",  "[::1]",
    "host",      "1.2.3.4 ",   "01.2.3.4x", "1.2.3.4/0008"};
  auto got = ip_ranges::of(odd);
  EXPECT_EQ(got.unreadable, odd);
  EXPECT_TRUE(got.ranges.empty());
  EXPECT_FALSE(ip_address::of(std::string_view{"1.2.3.4\0x", 9}));
}

TEST(ip_ranges, what_is_no_address_is_in_no_range) {
  for (const auto* odd : {"", "x", "1.2.3.4:80", "1.2.3.4/8", "fe80::1%eth0"})
    EXPECT_FALSE(within("0.0.0.0/0", odd)) << odd;
}

TEST(ip_ranges, a_network_holds_what_shares_its_prefix) {
  EXPECT_TRUE(rc::check([](std::uint32_t network, std::uint32_t address) {
    auto length = *rc::gen::inRange(0, 33);
    // Half of the cases share the prefix; few would by chance.
    if (*rc::gen::arbitrary<bool>() && length > 0)
      address = (network & (~std::uint32_t{0} << (32 - length)))
                | (length == 32 ? 0 : address >> length);
    auto shared =
      length == 0 || (network >> (32 - length)) == (address >> (32 - length));
    RC_ASSERT(
      within(v4_text(network) + '/' + std::to_string(length), v4_text(address))
      == shared);
  }));
}

} // namespace zhiku
