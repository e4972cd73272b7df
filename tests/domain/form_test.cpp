#include "tests/domain/samples.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace zhiku::tests {
namespace {

const auto now = at("2026-11-23T01:00:00Z");

std::vector<std::string> wrong_fields(const json& form,
                                      form_mode mode = form_mode::submission) {
  std::vector<std::string> keys;
  for (const auto& error : validate(form, mode, now).errors)
    keys.push_back(error.field);
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

std::vector<std::string> wrong_with(std::string_view key, json value) {
  auto form = good_form();
  form[key] = std::move(value);
  return wrong_fields(form);
}

using keys = std::vector<std::string>;

TEST(form, a_good_one_passes) {
  EXPECT_EQ(wrong_fields(good_form()), keys{});
}

TEST(form, edge_7_every_missing_field_at_once) {
  EXPECT_EQ(wrong_fields(json::object()).size(), good_form().size());
  EXPECT_EQ(wrong_fields(json(3)).size(), good_form().size());
  EXPECT_EQ(wrong_fields(json::object(), form_mode::draft), keys{});
}

TEST(form, a_draft_takes_unfinished_values_but_no_wrong_types) {
  EXPECT_EQ(wrong_fields({{"mobile", "138"}}, form_mode::draft), keys{});
  EXPECT_EQ(wrong_fields({{"mobile", 138}}, form_mode::draft), keys{"mobile"});
  EXPECT_EQ(wrong_fields({{"trade_years", "x"}}, form_mode::draft),
            keys{"trade_years"});
}

TEST(form, normalises_and_leaves_out_strangers) {
  auto typed = good_form();
  typed["mobile"] = "+86 138-0013-8000";
  typed["bank_account"] = "6222";
  auto checked = validate(typed, form_mode::submission, now);
  EXPECT_EQ(checked.form["mobile"], "13800138000");
  EXPECT_FALSE(checked.form.contains("bank_account"));
}

TEST(form, edge_71_number_against_gender_and_birth) {
  EXPECT_EQ(wrong_with("gender", "FEMALE"), (keys{"gender", "id_no"}));
  EXPECT_EQ(wrong_with("birth_date", "1980-01-02"),
            (keys{"birth_date", "id_no"}));
}

TEST(form, number_by_id_type) {
  auto form = good_form();
  form["id_type"] = "PASSPORT";
  form["id_no"] = "E12345678";
  EXPECT_EQ(wrong_fields(form), keys{});
  form["id_type"] = "RESIDENT_ID";
  EXPECT_EQ(wrong_fields(form), keys{"id_no"});
  form["id_type"] = "HMT_PERMIT";
  form["id_no"] = "440524198001010013";
  EXPECT_EQ(wrong_fields(form), keys{"id_no"});
}

TEST(form, working_life) {
  EXPECT_EQ(wrong_with("work_started_on", "1995-12"), keys{"work_started_on"});
  EXPECT_EQ(wrong_with("work_started_on", "1996-01"), keys{});
  EXPECT_EQ(wrong_with("trade_years", 24), keys{});
  EXPECT_EQ(wrong_with("trade_years", 25), keys{"trade_years"});
  EXPECT_EQ(wrong_with("trade_years", 61), keys{"trade_years"});
  EXPECT_EQ(wrong_with("trade_years", 18446744073709551615u),
            keys{"trade_years"});
  EXPECT_EQ(wrong_with("work_started_on", "2026-12"), keys{"work_started_on"});
}

TEST(form, rules_3_8_over_seventy_is_blocked) {
  auto form = good_form();
  form["id_type"] = "PASSPORT";
  form["id_no"] = "E12345678";
  form["birth_date"] = "1955-11-24";
  EXPECT_EQ(wrong_fields(form), keys{});
  form["birth_date"] = "1955-11-23";
  EXPECT_EQ(wrong_fields(form), keys{"birth_date"});
}

TEST(form, choices) {
  EXPECT_EQ(wrong_with("target_pools", {"BID", "RED"}), keys{"target_pools"});
  EXPECT_EQ(wrong_with("target_pools", {"BID", "BID"}), keys{"target_pools"});
  EXPECT_EQ(wrong_with("target_pools", json::array()), keys{"target_pools"});
  EXPECT_EQ(wrong_with("education", "WIZARD"), keys{"education"});
  EXPECT_EQ(target_pools_of({{"target_pools", {"GREEN", "BID", "RED"}}}),
            (keys{"BID", "GREEN"}));
  EXPECT_EQ(pool_names({"BID", "GREEN"}),
            "物业服务项目评标专家、绿色物业管理星级评审专家");
}

TEST(form, declarations_are_asked_for_one_by_one) {
  EXPECT_EQ(missing_declarations({}).size(), 4u);
  EXPECT_TRUE(missing_declarations(declaration_ids()).empty());
}

TEST(form, describes_itself) {
  auto described = pools_and_forms();
  EXPECT_EQ(described["form"]["fields"].size(), good_form().size());
  EXPECT_EQ(described["pools"][0]["functions"]["SUSPENSION"], json({"PC"}));
  EXPECT_EQ(described["pools"][1]["functions"]["SUSPENSION"], json::array());
  for (const auto& field : described["form"]["fields"])
    EXPECT_TRUE(good_form().contains(field["key"].get<std::string>()));
}

} // namespace
} // namespace zhiku::tests
