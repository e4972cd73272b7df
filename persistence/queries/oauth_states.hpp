#pragma once
// Authorisations under way, in table `oauth_state` (PROTOCOL 3). A state
// belongs to the browser that began, lives ten minutes and is used once.
// Functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

struct oauth_state {
  std::string state_hash;
  std::string browser_hash;
  std::string target; ///< local path the person wanted
  domain::instant expires_at;
};

void insert_oauth_state(soci::session& sql, const oauth_state& state);

enum class state_fate {
  fresh,  ///< was unused, and is used from now on
  used,   ///< this browser has been here with it before
  unknown ///< never given out, given to another browser, or too old
};

struct consumed_state {
  state_fate fate = state_fate::unknown;
  std::string target; ///< "" when unknown
  domain::instant used_at{};
};

/// Uses the state up; of several at once exactly one gets `fresh`.
consumed_state consume_oauth_state(soci::session& sql,
                                   const std::string& state_hash,
                                   const std::string& browser_hash,
                                   domain::instant now);

} // namespace zhiku::persistence
