#pragma once
// `exam_session/ID`: one person's one sitting (RULES 2.4, 4.3).
//
//   ASSIGNED --start--> RUNNING --hand_in / deadline--> GRADED
//      `---close_window---> ABSENT
//
// The key is frozen with the paper, so that closing and grading are one event
// and need no bank. No JSON is held: one running attempt at eighty questions
// takes about 2.5 KiB.

#include "domain/exam/paper.hpp"

namespace zhiku::domain::exam_session {

enum class stage : std::uint8_t { none, assigned, running, graded, absent };

enum class closer : std::uint8_t { manual, client_auto, server };

struct state {
  explicit state(std::string_view session_id) : id(session_id) {
    // nop
  }

  std::string id;
  std::string applicant_id;
  std::string case_id;
  std::string case_number; ///< for messages; "" of sittings before shape 2
  exam_plan plan;
  stage at = stage::none;

  std::string seed; ///< as journalled, for audit
  std::uint64_t seed_bits = 0;
  paper items;
  std::string writer; ///< token of the one device that may write
  instant started_at{};
  instant deadline_at{};
  instant closes_at{}; ///< deadline and grace: nothing is taken from here on

  closer closed_by = closer::manual;
  instant closed_at{};
  std::int64_t score_tenths = 0;
  bool passed = false;

  /// Whether the latest event showed in the projected row. Answers do not,
  /// and a row written for each of them would cost more than the answer.
  bool row_changed = false;
};

result<decision> decide(const state& now, const command& cmd,
                        const context& ctx);
void evolve(state& now, const event& ev);
std::vector<effect> effects(const state& now, const event& ev);

/// Empty after an event that does not show in the row.
std::vector<row> project(const state& now);

json snapshot(const state& now);
json snapshot_pii(const state& now);
void restore(state& now, const json& data, const json& pii);
std::string subject(const state& now);
bool is_final(const state& now);
std::string_view state_name(const state& now);

/// "MANUAL", "CLIENT_AUTO", "SERVER".
std::string_view to_text(closer by);
closer closer_of(std::string_view text);

} // namespace zhiku::domain::exam_session
