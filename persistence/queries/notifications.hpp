#pragma once
// What people were told, with its whole way over all routes, for the people
// themselves and for staff. Functions throw what SOCI throws.

#include "domain/entity.hpp"
#include "persistence/queries/lists.hpp"

namespace zhiku::persistence {

/// Which notifications staff want to see.
struct notification_filter {
  std::string fate;         ///< PENDING, DONE, PARKED, or "" for all
  std::string event;        ///< "" for all
  std::string applicant_id; ///< "" for all
};

/// Newest first: id, applicant_id, event, created_at, fate, failure, next_at,
/// resent_by, resent_at and `attempts` [{route, number, stage, tries, first_at,
/// changed_at, next_at, via, platform_id, detail}].
domain::json staff_notifications(soci::session& sql,
                                 const notification_filter& wanted,
                                 const list_position& after, int limit);

enum class resend { begun, under_way, unknown };

/// Lets the notification go its way once more, from the beginning.
resend send_anew(soci::session& sql, const std::string& id,
                 const std::string& staff_id, domain::instant now);

/// Marks the person's notification as read; false when it is not theirs.
bool mark_read(soci::session& sql, const std::string& id,
               const std::string& applicant_id, domain::instant now);

} // namespace zhiku::persistence
