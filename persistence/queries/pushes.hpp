#pragma once
// What the platform pushed, once each (PROTOCOL 1.5). Functions throw what
// SOCI throws.

#include "domain/entity.hpp"

#include <map>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

struct push_row {
  std::string key;  ///< the same for every delivery of one push
  std::string kind; ///< "event/subscribe", "text"
  std::string openid;
  domain::instant received_at;
  std::string reply; ///< clear XML, "" for the word `success`
};

/// Notes those pushes that come for the first time. Of the others, by key, the
/// reply that their first delivery got. Waits while another delivery of one of
/// them is in a transaction.
std::map<std::string, std::string>
remember_pushes(soci::session& sql, const std::vector<push_row>& pushes);

/// Replaces replies, by key: those that are made in the transaction that notes
/// the push.
void keep_replies(soci::session& sql,
                  const std::map<std::string, std::string>& replies);

/// A command for an entity, to be brought by the courier once this transaction
/// has committed; dated `at`. The same id is brought once.
void enqueue_command(soci::session& sql, const std::string& id,
                     const std::string& stream, const domain::command& what,
                     domain::instant at);

} // namespace zhiku::persistence
