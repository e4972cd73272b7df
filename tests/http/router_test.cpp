#include "http/router.hpp"

#include <stdexcept>

using namespace zhiku::http;

namespace {

route row(std::string method, std::string pattern, std::string id) {
  return {std::move(method), std::move(pattern),    std::move(id), "",
          anyone(),          [](const call_ptr&) {}};
}

const router& site() {
  static const router routes{
    {row("GET", "/", "home"), row("GET", "/things", "list"),
     row("POST", "/things", "create"), row("GET", "/things/special", "special"),
     row("GET", "/things/{id}", "one"),
     row("PUT", "/things/{id}/parts/{n}", "part"),
     row("GET", "/files/{name}", "file"), row("GET", "/h5/{path...}", "page")}};
  return routes;
}

std::string found(std::string_view method, std::string_view target) {
  auto way = site().find(method, target);
  return way.found ? way.found->id : "-";
}

constexpr auto uuid = "01936a2b-0000-7000-8000-0123456789ab";

} // namespace

TEST(router, finds_by_method_and_path) {
  EXPECT_EQ(found("GET", "/"), "home");
  EXPECT_EQ(found("GET", "/things"), "list");
  EXPECT_EQ(found("POST", "/things"), "create");
  EXPECT_EQ(found("GET", "/things?cursor=1"), "list");
}

TEST(router, literals_come_before_parameters) {
  EXPECT_EQ(found("GET", "/things/special"), "special");
  EXPECT_EQ(found("GET", std::string{"/things/"} + uuid), "one");
}

TEST(router, head_finds_get) {
  EXPECT_EQ(found("HEAD", "/things"), "list");
}

TEST(router, gives_checked_parameters) {
  auto way = site().find("PUT", std::string{"/things/"} + uuid + "/parts/7");
  ASSERT_NE(way.found, nullptr);
  EXPECT_EQ(way.path_params["id"], uuid);
  EXPECT_EQ(way.path_params["n"], "7");
}

TEST(router, malformed_parameters_find_nothing) {
  EXPECT_EQ(found("GET", "/things/1"), "-");
  EXPECT_EQ(found("GET", "/things/01936A2B-0000-7000-8000-0123456789AB"), "-");
  auto parts = std::string{"/things/"} + uuid + "/parts/";
  for (auto n : {"0", "1000", "-1", "1x", "x", "99999999999999999999"})
    EXPECT_EQ(found("PUT", parts + n), "-") << n;
  EXPECT_EQ(found("GET", "/things/"), "-");
}

TEST(router, decodes_after_the_split) {
  auto way = site().find("GET", "/files/a%2Fb%20c");
  ASSERT_NE(way.found, nullptr);
  EXPECT_EQ(way.path_params["name"], "a/b c");
  EXPECT_EQ(found("GET", "/files/a/b"), "-");
  EXPECT_EQ(found("GET", "/files/a%0"), "-");
  EXPECT_EQ(found("GET", "/files/a%00"), "-");
  EXPECT_EQ(found("GET", "/files/%zz"), "-");
}

TEST(router, rest_takes_any_depth) {
  EXPECT_EQ(found("GET", "/h5/"), "page");
  auto way = site().find("GET", "/h5/exam/start");
  ASSERT_NE(way.found, nullptr);
  EXPECT_EQ(way.path_params["path"], "exam/start");
}

TEST(router, wrong_method_names_the_right_ones) {
  auto way = site().find("DELETE", "/things");
  EXPECT_EQ(way.found, nullptr);
  EXPECT_EQ(way.allow, "GET, HEAD, POST");
  EXPECT_EQ(site().find("GET", "/nothing").allow, "");
}

TEST(router, table_faults_stop_the_program) {
  EXPECT_THROW(router({row("GET", "/a", "x"), row("GET", "/b", "x")}),
               std::logic_error);
  EXPECT_THROW(router({row("GET", "/a", "x"), row("GET", "/a", "y")}),
               std::logic_error);
  EXPECT_THROW(router({row("GET", "a", "x")}), std::logic_error);
}
