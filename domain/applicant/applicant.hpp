#pragma once
// `applicant/ID`: a person, from the first proof of their phone on: identities,
// WeChat binding, drafts, open cases and terms of office (RULES 2.1, 2.2, 2.5).

#include "domain/validation/dates.hpp"

#include "domain/entity.hpp"

namespace zhiku::domain::applicant {

enum class draft_stage : std::uint8_t { draft, submitted, withdrawn, deleted };

/// "DRAFT", "SUBMITTED", "WITHDRAWN", "DELETED".
std::string_view to_text(draft_stage at);
draft_stage draft_stage_of(std::string_view text);

struct draft {
  draft_stage at = draft_stage::draft;
  int version = 0;
  std::vector<std::string> pools;
  instant saved_at{};
  json form = json::object(); ///< personal data; empty once deleted
};

/// A submitted application, as far as the guards here need it.
struct case_ref {
  std::string draft_id;
  std::string number;
  std::vector<std::string> pools;
  std::string state; ///< as the case last told
};

struct membership {
  std::string number;
  calendar_day term_start{};
  calendar_day term_end{};
  instant appointed_at{};
  std::string case_id;
};

struct state {
  explicit state(std::string_view applicant_id) : id(applicant_id) {
    // nop
  }

  std::string id;
  bool registered = false;
  std::string name;  ///< personal data
  std::string phone; ///< personal data, normalised
  std::vector<std::string> identities;
  std::string active_identity;
  std::string openid; ///< "" while no WeChat account is bound
  bool reachable = false;
  instant reachability_at{}; ///< when WeChat last told
  std::string privacy_version;
  instant created_at{};
  std::map<std::string, draft> drafts;           ///< by draft id
  std::map<std::string, case_ref> cases;         ///< by case id
  std::map<std::string, membership> memberships; ///< by pool
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

} // namespace zhiku::domain::applicant
