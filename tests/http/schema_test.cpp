#include "http/schema.hpp"

using namespace zhiku::http;
using nlohmann::json;

namespace {

json plan_schema() {
  return schema::object(
    {{"name", schema::text(4)},
     {"count", schema::integer(1, 10)},
     schema::optional("auto", schema::flag()),
     schema::optional(
       "blocks",
       schema::list(schema::object({{"kind", schema::choice({"A", "B"})}}), 2,
                    1))});
}

std::vector<std::pair<std::string, std::string>> wrong(const json& value) {
  std::vector<std::pair<std::string, std::string>> found;
  for (const auto& each : schema::violations(value, plan_schema()))
    found.emplace_back(each.field, each.code);
  return found;
}

using faults = std::vector<std::pair<std::string, std::string>>;

} // namespace

TEST(schema, takes_what_fits) {
  EXPECT_EQ(wrong({{"name", "四个汉字"}, {"count", 10}, {"auto", true}}),
            faults{});
}

TEST(schema, tells_all_faults_at_once) {
  EXPECT_EQ(wrong({{"count", 11}, {"auto", 1}, {"stranger", 0}}),
            (faults{{"name", "required"},
                    {"auto", "wrong_type"},
                    {"count", "out_of_range"},
                    {"stranger", "unknown_field"}}));
}

TEST(schema, counts_characters_not_bytes) {
  EXPECT_EQ(wrong({{"name", "五个汉字长"}, {"count", 1}}),
            (faults{{"name", "too_long"}}));
  EXPECT_EQ(wrong({{"name", ""}, {"count", 1}}),
            (faults{{"name", "required"}}));
}

TEST(schema, names_nested_fields_by_path) {
  EXPECT_EQ(
    wrong({{"name", "x"},
           {"count", 1},
           {"blocks", json::array({{{"kind", "A"}}, {{"kind", "C"}}})}}),
    (faults{{"blocks.1.kind", "not_allowed"}}));
  EXPECT_EQ(wrong({{"name", "x"}, {"count", 1}, {"blocks", json::array()}}),
            (faults{{"blocks", "too_few"}}));
}

TEST(schema, no_number_is_too_large_to_refuse) {
  EXPECT_EQ(wrong({{"name", "x"}, {"count", UINT64_MAX}}),
            (faults{{"count", "out_of_range"}}));
  EXPECT_EQ(wrong({{"name", "x"}, {"count", 1.5}}),
            (faults{{"count", "wrong_type"}}));
}

TEST(schema, root_must_be_an_object) {
  EXPECT_EQ(wrong(json::array()), (faults{{"", "wrong_type"}}));
  EXPECT_EQ(wrong(nullptr), (faults{{"", "wrong_type"}}));
}

TEST(schema, parses_only_sound_json) {
  EXPECT_TRUE(schema::parse(R"({"a":[1,"b"]})"));
  EXPECT_FALSE(schema::parse(""));
  EXPECT_FALSE(schema::parse("{"));
  EXPECT_FALSE(schema::parse("{} x"));
  EXPECT_FALSE(schema::parse("{\"a\":\"\xff\"}"));
}

TEST(schema, refuses_nul_and_depth) {
  EXPECT_FALSE(schema::parse(R"({"a":"x\u0000"})"));
  EXPECT_FALSE(schema::parse(R"({"\u0000":1})"));
  EXPECT_TRUE(schema::parse(std::string(10, '[') + std::string(10, ']')));
  EXPECT_FALSE(schema::parse(std::string(40, '[') + std::string(40, ']')));
}
