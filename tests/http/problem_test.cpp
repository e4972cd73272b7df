#include "http/problem.hpp"

#include <set>

using namespace zhiku;
using namespace zhiku::http;
using domain::errc;

namespace {

std::vector<errc> all_codes() {
  std::vector<errc> all;
  for (int i = 1; i <= static_cast<int>(errc::internal); ++i)
    all.push_back(static_cast<errc>(i));
  return all;
}

} // namespace

TEST(problem, every_code_has_a_row_of_its_own) {
  // A code without a row falls to the one of `internal`.
  for (auto code : all_codes()) {
    EXPECT_EQ(status_of(code) == 500, code == errc::internal)
      << domain::code(code);
    EXPECT_GE(status_of(code), 400) << domain::code(code);
  }
}

TEST(problem, overload_tells_when_to_come_again) {
  for (auto code : all_codes()) {
    auto status = status_of(code);
    if (status == 429 || status == 503) {
      EXPECT_TRUE(retry_after_of(code)) << domain::code(code);
    }
  }
  auto answer = problem({errc::busy, {}, {}}, "r1");
  EXPECT_EQ(answer.status, 503);
  bool told = false;
  for (const auto& [name, value] : answer.headers)
    told |= name == "Retry-After" && std::stoi(value) > 0;
  EXPECT_TRUE(told);
}

TEST(problem, document_is_complete) {
  domain::refusal why{
    errc::invalid_input, "详情", {{"name", "required", "请填写此项"}}};
  auto document = problem_document(why, "req-7");
  EXPECT_EQ(document,
            (nlohmann::json{{"type", "/problems/INVALID_INPUT"},
                            {"title", domain::title(errc::invalid_input)},
                            {"status", 422},
                            {"code", "INVALID_INPUT"},
                            {"detail", "详情"},
                            {"instance", "req-7"},
                            {"fields",
                             {{{"field", "name"},
                               {"code", "required"},
                               {"message", "请填写此项"}}}}}));
}

TEST(problem, says_nothing_it_does_not_know) {
  auto document = problem_document({errc::not_found, {}, {}}, "r");
  EXPECT_FALSE(document.contains("detail"));
  EXPECT_FALSE(document.contains("fields"));
}

TEST(problem, has_its_media_type) {
  auto answer = problem({errc::gone, {}, {}}, "r");
  EXPECT_EQ(answer.status, 410);
  EXPECT_NE(std::find(answer.headers.begin(), answer.headers.end(),
                      std::pair<std::string, std::string>(
                        "Content-Type", "application/problem+json")),
            answer.headers.end());
}
