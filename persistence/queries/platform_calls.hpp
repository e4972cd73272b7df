#pragma once
// The daily ledger of calls per API (PROTOCOL 8: 45009), over all nodes. A day
// is a Beijing day. Functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

struct call_count {
  std::string api; ///< "/cgi-bin/message/template/send"
  std::int64_t calls = 0;
  std::int64_t failures = 0;
  bool limited = false; ///< 45009 was among them
};

/// Adds to the day's row and gives what stands there then.
call_count add_calls(soci::session& sql, const call_count& more,
                     domain::instant now);

/// The rows of the last `days` days, newest first, for staff.
domain::json latest_calls(soci::session& sql, domain::instant now, int days);

} // namespace zhiku::persistence
