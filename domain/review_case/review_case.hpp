#pragma once
// `review_case/ID`: one application from its submission to its end (RULES 2.2,
// 2.3). It owns the submission's fate, so that racing commands meet here and
// exactly one wins (edge 1).

#include "domain/entity.hpp"

#include <span>

namespace zhiku::domain::review_case {

enum class stage : std::uint8_t {
  none,
  submitted,
  withdrawn,
  accepted,
  returned,
  resubmitted,
  check_passed,
  rejected,
  exam_passed,
  exam_failed,
  waived,
  proposed,
  not_approved,
  appointed,
  lapsed
};

/// "SUBMITTED", … ; "NONE" before the case was opened.
std::string_view to_text(stage at);

/// The texts of all stages a case can be in.
std::span<const std::string_view> stage_texts();
stage stage_of(std::string_view text);

/// One line of the timeline that applicant and staff see.
struct history_entry {
  instant at{};
  std::string role; ///< in which the step was taken
  std::string who;  ///< staff or applicant id; shown to staff only
  stage from = stage::none;
  stage to = stage::none;
  int round = 0;
  std::string reason; ///< personal data: staff write names into it
};

/// What the checker asks to be mended, of one item of the form.
struct remark {
  std::string item;
  std::string text; ///< personal data, as above
};

struct state {
  explicit state(std::string_view case_id) : id(case_id) {
    // nop
  }

  std::string id;
  stage at = stage::none;
  int version = 0; ///< events so far
  std::string applicant_id;
  std::string number;
  std::vector<std::string> pools;
  std::vector<std::string> declarations;
  instant submitted_at{};
  instant changed_at{};
  int round = 0; ///< of checking; the first is 1
  int returns = 0;
  std::optional<instant> deadline_at; ///< while a supplement is awaited
  std::vector<remark> remarks;        ///< of the latest return
  std::string checker_id;             ///< who decided the check last
  std::string exam_session_id;
  std::optional<std::int64_t> score_tenths;
  std::vector<std::string> appointed_pools;
  std::vector<history_entry> history;
  json form = json::object(); ///< frozen at the latest submission
};

result<decision> decide(const state& now, const command& cmd,
                        const context& ctx);
void evolve(state& now, const event& ev);
std::vector<effect> effects(const state& now, const event& ev);
std::vector<row> project(const state& now);
json snapshot(const state& now);
json snapshot_pii(const state& now);
void restore(state& now, const json& data, const json& pii);
std::string subject(const state& now);
bool is_final(const state& now);
std::string_view state_name(const state& now);

/// Whether a case in that stage is over for good.
bool is_final(stage at);

} // namespace zhiku::domain::review_case
