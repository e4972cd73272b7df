#pragma once
// `phone_proof/HASH`: the SMS codes of one phone (RULES 2.1, edge 39-42). The
// phone and the code in clear pass through to the SMS effect and are kept
// nowhere.

#include "domain/entity.hpp"

namespace zhiku::domain::phone_proof {

/// The newest code, while it can still be used.
struct live_code {
  std::string purpose;
  std::string binding;
  std::string code_hash;
  instant expires_at{};
  int wrong_tries = 0;
};

struct state {
  explicit state(std::string_view id) : hash(id) {
    // nop
  }

  std::string hash;
  std::optional<live_code> code;
  std::optional<instant> last_sent_at;
  int day = 0; ///< Beijing day that `sent_on_day` counts
  int sent_on_day = 0;
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

} // namespace zhiku::domain::phone_proof
