#pragma once
// An exam plan: window, length, paper rule and pass mark (RULES 4.2).

#include "domain/entity.hpp"

namespace zhiku::domain {

enum class question_type : std::uint8_t { single, multi, judge };

/// "SINGLE", "MULTI", "JUDGE".
std::string_view to_text(question_type type);
std::optional<question_type> question_type_of(std::string_view text);

/// What part of a multiple choice counts; any wrong option is 0 in all.
enum class multi_rule : std::uint8_t {
  all_or_nothing,
  half_if_subset,
  per_option
};

/// "ALL_OR_NOTHING", "HALF_IF_SUBSET", "PER_OPTION".
std::string_view to_text(multi_rule rule);
std::optional<multi_rule> multi_rule_of(std::string_view text);

/// `count` questions of one type, each worth `tenths` of a point.
struct paper_block {
  question_type type;
  std::uint16_t count;
  std::uint16_t tenths;
};

struct exam_plan {
  std::string id;
  std::string name;
  instant window_start{}; ///< may start from here on
  instant window_end{};   ///< and no more from here on
  seconds duration{0};
  std::int64_t pass_tenths = 0; ///< passed at or above
  std::vector<paper_block> paper;
  multi_rule rule = multi_rule::all_or_nothing;

  /// All questions of the paper.
  std::size_t length() const;
  /// When somebody who starts at `start` must have handed in (edge 24).
  instant deadline_from(instant start) const;
};

inline constexpr std::size_t longest_paper = 400;

/// Reads `{id, name, window_start, window_end, duration_s, pass_tenths, paper:
/// [{type, count, tenths}], multi_rule}`; `invalid_input` names what is wrong.
result<exam_plan> exam_plan_of(const json& value);

json to_json(const exam_plan& plan);

} // namespace zhiku::domain
