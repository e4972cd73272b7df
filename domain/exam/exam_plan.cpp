#include "domain/exam/exam_plan.hpp"

#include "domain/fields.hpp"

#include <algorithm>

namespace zhiku::domain {

namespace {

constexpr std::string_view type_names[] = {"SINGLE", "MULTI", "JUDGE"};
constexpr std::string_view rule_names[] = {"ALL_OR_NOTHING", "HALF_IF_SUBSET",
                                           "PER_OPTION"};

template <class Enum, std::size_t Size>
std::optional<Enum> parse(const std::string_view (&names)[Size],
                          std::string_view text) {
  auto found = std::find(std::begin(names), std::end(names), text);
  if (found == std::end(names))
    return std::nullopt;
  return static_cast<Enum>(found - std::begin(names));
}

std::optional<paper_block> block_of(const json& value) {
  auto type = question_type_of(text_at(value, "type"));
  auto count = integer_at(value, "count");
  auto tenths = integer_at(value, "tenths");
  constexpr auto most = static_cast<std::int64_t>(longest_paper);
  if (!type || !count || !tenths || *count < 1 || *count > most || *tenths < 1
      || *tenths > 1000)
    return std::nullopt;
  return paper_block{*type, static_cast<std::uint16_t>(*count),
                     static_cast<std::uint16_t>(*tenths)};
}

std::vector<paper_block> read_paper(field_reader& in, const json& value) {
  constexpr std::size_t most_blocks = 15;
  std::vector<paper_block> paper;
  const json* list = find(value, "paper");
  if (list != nullptr && list->is_array() && list->size() <= most_blocks)
    for (const json& element : *list)
      if (auto block = block_of(element))
        paper.push_back(*block);
  if (paper.empty() || paper.size() != list->size())
    in.complain("paper", "malformed", "试卷结构不正确");
  return paper;
}

} // namespace

std::string_view to_text(question_type type) {
  return type_names[static_cast<std::size_t>(type)];
}

std::optional<question_type> question_type_of(std::string_view text) {
  return parse<question_type>(type_names, text);
}

std::string_view to_text(multi_rule rule) {
  return rule_names[static_cast<std::size_t>(rule)];
}

std::optional<multi_rule> multi_rule_of(std::string_view text) {
  return parse<multi_rule>(rule_names, text);
}

std::size_t exam_plan::length() const {
  std::size_t sum = 0;
  for (const auto& block : paper)
    sum += block.count;
  return sum;
}

instant exam_plan::deadline_from(instant start) const {
  return std::min(start + duration, window_end);
}

result<exam_plan> exam_plan_of(const json& value) {
  constexpr std::int64_t longest_sitting = 24 * 3600;
  field_reader in{value};
  exam_plan plan;
  plan.id = in.text("id");
  plan.name = in.text("name");
  plan.window_start = in.at("window_start");
  plan.window_end = in.at("window_end");
  plan.duration = seconds{in.integer("duration_s", 1, longest_sitting)};
  plan.pass_tenths = in.integer("pass_tenths", 0, 1'000'000);
  plan.paper = read_paper(in, value);
  auto rule = multi_rule_of(text_at(value, "multi_rule"));
  if (!rule)
    in.complain("multi_rule", "not_a_choice", "计分规则不正确");
  if (plan.window_end <= plan.window_start)
    in.complain("window_end", "out_of_range", "结束时间必须晚于开始时间");
  if (plan.length() > longest_paper)
    in.complain("paper", "too_many", "题目过多");
  if (!in.ok())
    return in.refused();
  plan.rule = *rule;
  return plan;
}

json to_json(const exam_plan& plan) {
  json paper = json::array();
  for (const auto& block : plan.paper)
    paper.push_back({{"type", to_text(block.type)},
                     {"count", block.count},
                     {"tenths", block.tenths}});
  return {{"id", plan.id},
          {"name", plan.name},
          {"window_start", to_text(plan.window_start)},
          {"window_end", to_text(plan.window_end)},
          {"duration_s", plan.duration.count()},
          {"pass_tenths", plan.pass_tenths},
          {"paper", std::move(paper)},
          {"multi_rule", to_text(plan.rule)}};
}

} // namespace zhiku::domain
