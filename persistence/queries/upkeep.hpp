#pragma once
// Work that one node does for all (actors/upkeep.hpp). Functions throw what
// SOCI throws.

#include "domain/time.hpp"

#include <string>

namespace soci {
class session;
}

namespace zhiku::persistence {

/// Takes the task on for this node. False: it was done at `due` or later, or
/// somebody took it on less than `pause` ago.
bool take_on(soci::session& sql, const std::string& task, domain::instant due,
             domain::seconds pause, domain::instant now);

void note_done(soci::session& sql, const std::string& task, domain::instant at);

} // namespace zhiku::persistence
