#include "tests/domain/samples.hpp"

#include "domain/exam/paper.hpp"

#include <gtest/gtest.h>

#include <set>

namespace zhiku::tests {
namespace {

exam_plan plan_with(json change = json::object()) {
  auto described = good_plan();
  described.update(change);
  return exam_plan_of(described).value();
}

TEST(exam_plan, round_trip) {
  EXPECT_EQ(to_json(plan_with()), good_plan());
}

TEST(exam_plan, refuses_nonsense) {
  for (json change :
       {json{{"window_end", "2026-11-24T01:00:00Z"}}, json{{"paper", 3}},
        json{{"paper", json::array()}}, json{{"multi_rule", "GUESS"}},
        json{{"duration_s", 0}}, json{{"id", ""}}, json{{"name", 7}},
        json{{"paper", {{{"type", "SINGLE"}, {"count", 0}, {"tenths", 1}}}}}}) {
    auto described = good_plan();
    described.update(change);
    EXPECT_FALSE(exam_plan_of(described)) << change;
  }
  EXPECT_FALSE(exam_plan_of(json("plan")));
}

TEST(exam_plan, edge_24_the_window_shortens_the_time) {
  auto plan = plan_with();
  EXPECT_EQ(plan.deadline_from(plan.window_start),
            plan.window_start + seconds{5400});
  EXPECT_EQ(plan.deadline_from(plan.window_end - seconds{600}),
            plan.window_end);
}

TEST(question_bank, names_faults_by_index) {
  auto list = bank_list();
  list[2]["key"] = {9};
  list[3]["options"] = {"one"};
  auto refused = question_bank::from_json(list);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fields[0].field, "questions.2.key");
  EXPECT_EQ(refused.error().fields[1].field, "questions.3.options");
}

TEST(question_bank, a_number_belongs_to_one_id_and_version) {
  auto list = bank_list();
  list[1]["number"] = 1;
  EXPECT_FALSE(question_bank::from_json(list));
  list[1]["id"] = "q-1";
  EXPECT_FALSE(question_bank::from_json(list));
  list[1]["version"] = 2;
  EXPECT_TRUE(question_bank::from_json(list));
}

TEST(question_bank, draws_the_newest_and_finds_the_old) {
  auto list = bank_list(1, 0, 0);
  list.push_back(list[0]);
  list[1]["version"] = 2;
  auto bank = question_bank::from_json(list).value();
  ASSERT_EQ(bank.drawable(question_type::single).size(), 1u);
  EXPECT_EQ(bank.at(bank.drawable(question_type::single)[0]).version, 2);
  EXPECT_EQ(bank.find(1, 1)->version, 1);
  EXPECT_EQ(bank.find(1, 3), nullptr);
  list[1]["retired"] = true;
  bank = question_bank::from_json(list).value();
  EXPECT_TRUE(bank.drawable(question_type::single).empty());
  EXPECT_NE(bank.find(1, 2), nullptr);
}

TEST(question_bank, makes_a_stable_number_when_none_is_given) {
  auto list = bank_list(2, 0, 0);
  list[0].erase("number");
  auto first = question_bank::from_json(list).value();
  auto second = question_bank::from_json(list).value();
  for (auto place : first.drawable(question_type::single))
    EXPECT_EQ(first.at(place).number, second.at(place).number);
}

TEST(paper, quotas_hold_and_nothing_repeats) {
  auto drawn = draw(plan_with(), good_bank(), 7).value();
  ASSERT_EQ(drawn.size(), 8u);
  std::set<std::uint32_t> numbers;
  for (const auto& item : drawn) {
    numbers.insert(item.question);
    EXPECT_EQ(good_bank().find(item.question, item.version)->type,
              plan_with().paper[item.block].type);
  }
  EXPECT_EQ(numbers.size(), 8u);
}

TEST(paper, rules_4_3_16_the_seed_decides) {
  EXPECT_EQ(draw(plan_with(), good_bank(), 7).value(),
            draw(plan_with(), good_bank(), 7).value());
  std::set<std::string> papers;
  for (std::uint64_t seed = 0; seed < 20; ++seed)
    papers.insert(pack(draw(plan_with(), good_bank(), seed).value()));
  EXPECT_GT(papers.size(), 18u);
}

TEST(paper, too_small_a_bank) {
  auto small = question_bank::from_json(bank_list(3, 4, 4)).value();
  auto refused = draw(plan_with(), small, 7);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::paper_unavailable);
}

TEST(paper, judge_and_pinned_options_keep_their_order) {
  auto list = bank_list();
  for (auto& each : list)
    if (each["type"] == "MULTI")
      each["pinned"] = true;
  auto bank = question_bank::from_json(list).value();
  bool shuffled = false;
  const auto drawn = draw(plan_with(), bank, 7).value();
  for (const auto& item : drawn) {
    bool in_order = true;
    for (std::size_t place = 0; place < item.option_count; ++place)
      in_order = in_order && item.shown_at(place) == place;
    EXPECT_TRUE(in_order || item.block == 0);
    shuffled = shuffled || !in_order;
  }
  EXPECT_TRUE(shuffled);
}

TEST(paper, packs_and_unpacks) {
  auto drawn = draw(plan_with(), good_bank(), 7).value();
  EXPECT_EQ(unpack(pack(drawn)).value(), drawn);
  EXPECT_FALSE(unpack("12345"));
  EXPECT_FALSE(unpack("zzzzzzzzzzzzzzzzzzzzzzzz"));
}

TEST(paper, rules_4_3_3_option_ids_differ_by_paper) {
  EXPECT_NE(option_id(1, 1, 0), option_id(2, 1, 0));
  EXPECT_NE(option_id(1, 1, 0), option_id(1, 2, 0));
  paper_item item;
  item.option_count = 4;
  EXPECT_EQ(options_named(1, 1, item, {option_id(1, 1, 2)}), 4);
  EXPECT_EQ(options_named(1, 1, item, json::array()), 0);
  EXPECT_FALSE(options_named(1, 1, item, {option_id(2, 1, 2)}));
  EXPECT_FALSE(
    options_named(1, 1, item, {option_id(1, 1, 2), option_id(1, 1, 2)}));
  EXPECT_FALSE(options_named(1, 1, item, {7}));
  EXPECT_FALSE(options_named(1, 1, item, "x"));
}

struct mark {
  multi_rule rule;
  question_type type;
  option_set key;
  option_set chosen;
  std::int64_t tenths;
};

TEST(grade, multi_rules) {
  constexpr auto multi = question_type::multi;
  constexpr auto strict = multi_rule::all_or_nothing;
  constexpr auto half = multi_rule::half_if_subset;
  constexpr auto each = multi_rule::per_option;
  const mark table[] = {
    {strict, multi, 0b0111, 0b0111, 20},
    {strict, multi, 0b0111, 0b0011, 0},
    {half, multi, 0b0111, 0b0111, 20},
    {half, multi, 0b0111, 0b0001, 10},
    {half, multi, 0b0111, 0b1001, 0},
    {half, multi, 0b0111, 0, 0},
    {each, multi, 0b0111, 0b0111, 20},
    {each, multi, 0b0111, 0b0011, 13},
    {each, multi, 0b0111, 0b1111, 0},
    {each, multi, 0b0111, 0, 0},
    {each, question_type::single, 0b0010, 0b0010, 20},
    {half, question_type::single, 0b0010, 0b0001, 0},
    {half, question_type::judge, 0b0001, 0, 0},
  };
  for (const auto& row : table)
    EXPECT_EQ(
      grade(row.rule, paper_block{row.type, 1, 20}, row.key, row.chosen),
      row.tenths);
}

} // namespace
} // namespace zhiku::tests
