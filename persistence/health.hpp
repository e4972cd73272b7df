#pragma once
// Questions about the whole, for the watchdog, `zhiku why` and `zhiku doctor`.

#include "domain/entity.hpp"
#include "persistence/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace zhiku::persistence {

struct findings {
  std::int64_t overdue = 0;       ///< pending effects past their instant
  std::int64_t parked = 0;        ///< effects given up
  std::int64_t set_aside = 0;     ///< entities in quarantine
  std::vector<std::string> stuck; ///< at most 100
};

class health {
public:
  explicit health(std::string dsn);

  domain::result<domain::instant> clock();

  /// An entity is stuck when it is not final, rests since `stuck_after`, and
  /// either nobody is awaited or a timer must be running (exam sessions), yet
  /// no effect is on its way to it.
  domain::result<findings> look(domain::instant now,
                                domain::seconds overdue_after,
                                domain::seconds stuck_after);

  /// What the stream waits for and what is on its way to it or from it.
  domain::result<domain::json> why(const std::string& stream);

  /// Deletes what has served its time: authorisations and login tickets after a
  /// day, pushes after a week (PROTOCOL 1.5 wants an hour), reports and ended
  /// sessions after a month.
  domain::result<domain::nothing> forget_old(domain::instant now);

  struct chain_report {
    std::int64_t events = 0;
    std::vector<std::string> broken; ///< "stream:version", at most 100
  };

  /// Recomputes every hash chain.
  domain::result<chain_report> verify_chains();

private:
  database db_;
};

} // namespace zhiku::persistence
