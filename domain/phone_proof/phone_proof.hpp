#pragma once
// `phone_proof/HASH`: the SMS codes of one phone (RULES 2.1, edge 39-42). The
// phone and the code in clear pass through to the SMS effect and are kept
// nowhere. A code belongs to who asked for it: what strangers ask for voids no
// code of others and takes nothing off their share (decision 0010).

#include "domain/entity.hpp"

#include <map>

namespace zhiku::domain::phone_proof {

/// The newest code of one asker, while it can still be used.
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
  std::vector<live_code> codes; ///< one an asker at most, the oldest first
  std::vector<instant> sent;    ///< the latest sends, the oldest first
  std::vector<std::string> used_work; ///< proofs of work taken lately
  int day = 0; ///< Beijing day that the counts below are of
  int sent_on_day = 0;
  std::map<std::string, int> sent_to; ///< by asker, on that day
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
