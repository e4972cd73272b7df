#include "http/framing.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdio>
#include <string>
#include <vector>

namespace zhiku::http {

namespace {

std::string chunked(const std::vector<std::string>& pieces) {
  std::string wire;
  for (const auto& piece : pieces) {
    if (piece.empty())
      continue;
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
    wire += size + piece + "\r\n";
  }
  return wire + "0\r\n\r\n";
}

TEST(framing, head_ends_at_the_blank_line_wherever_the_search_began) {
  const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\nbody\r\n\r\n";
  const auto end = bytes.find("body");
  for (std::size_t from = 0; from < end; ++from)
    EXPECT_EQ(find_head_end(bytes, from), end);
  EXPECT_EQ(find_head_end(bytes.substr(0, end - 1), 0), std::string::npos);
}

TEST(framing, connection_options_decide_what_is_kept_alive) {
  const auto keeps = [](const std::string& version, const std::string& option) {
    message_head framing;
    const auto head =
      "GET / " + version + "\r\nHost: a\r\nConnection: " + option + "\r\n\r\n";
    EXPECT_EQ(examine_head(head, framing), 0);
    return framing.keep_alive;
  };
  EXPECT_TRUE(keeps("HTTP/1.1", "x"));
  EXPECT_FALSE(keeps("HTTP/1.1", "Upgrade, CLOSE"));
  EXPECT_FALSE(keeps("HTTP/1.1", "close\r\nConnection: keep-alive"));
  EXPECT_FALSE(keeps("HTTP/1.0", "x"));
  EXPECT_TRUE(keeps("HTTP/1.0", "Keep-Alive"));
}

TEST(framing, chunks_join_however_they_are_cut) {
  const bool held =
    rc::check("cut anywhere", [](const std::vector<std::string>& pieces) {
      const auto wire = chunked(pieces) + "next";
      std::string expected;
      for (const auto& piece : pieces)
        expected += piece;
      chunk_decoder decoder;
      std::string body;
      std::string_view rest = wire;
      while (!decoder.done()) {
        const auto size = *rc::gen::inRange<std::size_t>(1, 9);
        auto part = rest.substr(0, size);
        const auto given = part.size();
        RC_ASSERT(decoder.feed(part, body, expected.size()) == 0);
        rest.remove_prefix(given - part.size());
      }
      RC_ASSERT(body == expected);
      RC_ASSERT(rest == "next");
    });
  EXPECT_TRUE(held);
}

TEST(framing, any_body_over_the_limit_is_refused_before_it_is_taken) {
  const bool held =
    rc::check("one byte too many", [](const std::vector<std::string>& pieces) {
      std::size_t size = 0;
      for (const auto& piece : pieces)
        size += piece.size();
      RC_PRE(size > 0);
      const auto wire = chunked(pieces);
      chunk_decoder decoder;
      std::string body;
      std::string_view rest = wire;
      RC_ASSERT(decoder.feed(rest, body, size - 1) == 413);
      RC_ASSERT(body.size() < size);
    });
  EXPECT_TRUE(held);
}

TEST(framing, endless_trailers_are_refused) {
  chunk_decoder decoder;
  std::string body;
  std::string wire = "0\r\n";
  for (int i = 0; i < 1000; ++i)
    wire += "Trailer: 1\r\n";
  std::string_view rest = wire;
  EXPECT_EQ(decoder.feed(rest, body, 10), 400);
}

} // namespace

} // namespace zhiku::http
