#pragma once
// What the platform pushed, once each (PROTOCOL 1.5). Functions throw what
// SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

struct push_row {
  std::string key;  ///< the same for every delivery of one push
  std::string kind; ///< "event/subscribe", "text"
  std::string openid;
  std::string reply; ///< clear reply XML; "" means the word `success`
  domain::instant received_at;
};

struct remembered_push {
  bool first;        ///< this delivery is the first
  std::string reply; ///< of the first delivery
};

remembered_push remember_push(soci::session& sql, const push_row& push);

/// Notes who follows; news older than what is known changes nothing.
void note_follower(soci::session& sql, const std::string& openid,
                   bool following, domain::instant at);

} // namespace zhiku::persistence
