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
  domain::instant received_at;
};

/// Notes the push. Nothing when this delivery is the first; else the reply of
/// the first one: clear XML, "" for the word `success`. Waits while another
/// delivery of the same push is in a transaction.
std::optional<std::string> remember_push(soci::session& sql,
                                         const push_row& push);

/// Keeps what the first delivery is answered, for those that repeat it.
void keep_reply(soci::session& sql, const std::string& key,
                const std::string& reply);

/// Notes whether the openid follows, unless later news of it are known: pushes
/// may arrive out of order.
void note_follower(soci::session& sql, const std::string& openid,
                   bool following, domain::instant at);

/// A command for an entity, to be brought by the courier once this transaction
/// has committed; dated `at`. The same id is brought once.
void enqueue_command(soci::session& sql, const std::string& id,
                     const std::string& stream, const domain::command& what,
                     domain::instant at);

} // namespace zhiku::persistence
