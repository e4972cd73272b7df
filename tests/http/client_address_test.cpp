// W30: who is at the other end, whatever headers say.

#include "http/client_address.hpp"

#include <gtest/gtest.h>

namespace zhiku::http {

namespace {

const auto proxies =
  ip_ranges::of(std::vector<std::string>{"203.0.113.9", "10.0.0.0/8"}).ranges;

std::string seen(const std::string& peer,
                 const std::vector<std::string>& lines) {
  request asked;
  asked.remote_address = peer;
  for (const auto& line : lines)
    asked.headers.emplace("X-Forwarded-For", line);
  return client_address(asked, proxies);
}

} // namespace

TEST(client_address, w30_a_stranger_is_not_believed) {
  EXPECT_EQ(seen("192.0.2.1", {"1.2.3.4"}), "192.0.2.1");
  EXPECT_EQ(seen("192.0.2.1", {"1.2.3.4, 10.0.0.1"}), "192.0.2.1");
}

TEST(client_address, w30_the_last_address_that_no_proxy_of_ours_wrote) {
  EXPECT_EQ(seen("10.0.0.1", {"198.51.100.7"}), "198.51.100.7");
  EXPECT_EQ(seen("10.0.0.1", {"1.2.3.4, 198.51.100.7"}), "198.51.100.7");
  EXPECT_EQ(seen("10.0.0.1", {"1.2.3.4, 198.51.100.7, 203.0.113.9"}),
            "198.51.100.7");
  EXPECT_EQ(seen("10.0.0.1", {}), "10.0.0.1");
}

TEST(client_address, w30_lines_count_as_one_list) {
  EXPECT_EQ(seen("10.0.0.1", {"1.2.3.4", "198.51.100.7"}), "198.51.100.7");
  EXPECT_EQ(seen("10.0.0.1", {"198.51.100.7", "1.2.3.4"}), "1.2.3.4");
}

TEST(client_address, w30_what_does_not_parse_is_no_address) {
  for (auto junk :
       {"", "unknown", "[2001:db8::1]:443", "1.2.3.4:80", "fe80::1%1"})
    EXPECT_EQ(seen("10.0.0.1", {std::string{"1.2.3.4, "} + junk}), "10.0.0.1")
      << junk;
  EXPECT_EQ(seen("10.0.0.1", {std::string(4096, ',')}), "10.0.0.1");
  EXPECT_EQ(seen("10.0.0.1", {"1.2.3.4, junk, 203.0.113.9"}), "203.0.113.9");
}

TEST(client_address, w30_other_headers_are_not_read) {
  request asked;
  asked.remote_address = "10.0.0.1";
  for (auto name : {"X-Real-IP", "Forwarded", "CF-Connecting-IP"})
    asked.headers.emplace(name, "1.2.3.4");
  EXPECT_EQ(client_address(asked, proxies), "10.0.0.1");
}

TEST(client_address, one_visitor_holds_a_v4_address_or_a_v6_64) {
  EXPECT_EQ(address_key("192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(address_key("::ffff:192.0.2.1"), "192.0.2.1/32");
  EXPECT_EQ(address_key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(network_key("192.0.2.1"), "192.0.2.0/24");
  EXPECT_EQ(network_key("2001:db8:1:2:3:4:5:6"), "2001:db8:1::/48");
  EXPECT_EQ(address_key("unknown"), "unknown");
}

} // namespace zhiku::http
