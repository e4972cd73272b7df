#include "base/log.hpp"

#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace zhiku::log {
namespace {

using nlohmann::json;

/// The lines that `work` wrote to standard error.
template <class Work>
std::vector<std::string> lines_of(Work work) {
  testing::internal::CaptureStderr();
  work();
  std::istringstream text{testing::internal::GetCapturedStderr()};
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);)
    lines.push_back(line);
  return lines;
}

class log_test : public testing::Test {
protected:
  void TearDown() override {
    set_level(level::info);
  }
};

TEST_F(log_test, writes_one_json_object_a_line) {
  auto lines = lines_of([] {
    warn("courier parks effect", {{"attempts", 3}, {"text", "a\nb\"c"}});
  });
  ASSERT_EQ(lines.size(), 1u);
  auto line = json::parse(lines[0]);
  EXPECT_EQ(line["level"], "warn");
  EXPECT_EQ(line["event"], "courier parks effect");
  EXPECT_EQ(line["attempts"], 3);
  EXPECT_EQ(line["text"], "a\nb\"c");
  EXPECT_EQ(line["at"].get<std::string>().back(), 'Z');
}

TEST_F(log_test, leaves_out_what_is_below_the_level) {
  set_level(level::error);
  auto lines = lines_of([] {
    warn("server warns", json::object());
    error("server fails", json::object());
  });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_EQ(json::parse(lines[0])["event"], "server fails");
}

TEST_F(log_test, survives_text_that_is_not_utf8) {
  auto lines = lines_of([] { info("peer sends bytes", {{"bytes", "\xff"}}); });
  ASSERT_EQ(lines.size(), 1u);
  EXPECT_FALSE(json::parse(lines[0], nullptr, false).is_discarded());
}

TEST_F(log_test, keeps_lines_of_several_threads_apart) {
  constexpr int threads = 4;
  constexpr int each = 200;
  auto lines = lines_of([] {
    std::vector<std::jthread> writers;
    for (int i = 0; i < threads; ++i)
      writers.emplace_back([] {
        for (int n = 0; n < each; ++n)
          info("thread counts", {{"n", n}});
      });
  });
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(threads * each));
  for (const auto& line : lines)
    EXPECT_TRUE(json::accept(line)) << line;
}

} // namespace
} // namespace zhiku::log
