#pragma once
// The lists that pages show, read from projections. Rows are JSON objects with
// the columns' names. Functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

/// Where a page of a list begins: after the row with this instant and id.
struct list_position {
  std::string at; ///< timestamptz text, or "infinity" / "-infinity"
  std::string id;
};

/// Newest first lists begin here.
inline list_position newest() {
  return {"infinity", ""};
}
/// Oldest first lists begin here.
inline list_position oldest() {
  return {"-infinity", ""};
}

/// Drafts still in the box: DRAFT, and WITHDRAWN ones that are editable again.
domain::json drafts_of(soci::session& sql, const std::string& applicant_id);

/// Submitted cases, newest first, at most `limit`.
domain::json cases_of(soci::session& sql, const std::string& applicant_id,
                      const list_position& after, int limit);

domain::json exams_of(soci::session& sql, const std::string& applicant_id);

domain::json experts_of(soci::session& sql, const std::string& applicant_id);

/// In-app notices, newest first, at most `limit`.
domain::json notifications_of(soci::session& sql,
                              const std::string& applicant_id,
                              const list_position& after, int limit);

/// Cases in `state` ("" for any), oldest first, at most `limit`. Each row has
/// `applicant_id` and `sealed`, so that the caller can open the name.
domain::json review_queue(soci::session& sql, const std::string& state,
                          const list_position& after, int limit);

} // namespace zhiku::persistence
