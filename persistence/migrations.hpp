#pragma once
// The schema's history: `V001__name.sql` and on, append-only, each applied once
// and remembered with its checksum.

#include "domain/result.hpp"
#include "persistence/database.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace zhiku::persistence {

struct migration {
  int version;
  std::string name; ///< "V001__foundation.sql"
  std::string sql;
};

/// The migrations built into this program, in order.
const std::vector<migration>& all_migrations();

/// Applies what is missing, each in a transaction of its own, under an advisory
/// lock, so that several nodes may call it at once. Gives the names applied.
/// `errc::state_conflict` when an applied one was changed since or when the
/// database is newer than this program; the detail says which.
domain::result<std::vector<std::string>>
migrate(database& db, const std::vector<migration>& known = all_migrations());

} // namespace zhiku::persistence
