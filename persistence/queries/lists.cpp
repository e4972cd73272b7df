#include "persistence/queries/lists.hpp"

#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto drafts_sql =
  "SELECT id, pools, state, version, saved_at FROM draft "
  "WHERE applicant_id = :applicant AND state IN ('DRAFT', 'WITHDRAWN') "
  "ORDER BY saved_at DESC, id DESC";

constexpr auto cases_sql =
  "SELECT id, number, pools, state, round, submitted_at, changed_at, "
  "deadline_at, exam_session_id, score_tenths, version FROM review_case "
  "WHERE applicant_id = :applicant AND (submitted_at, id) < "
  "(CAST(:at AS timestamptz), CAST(:id AS text)) "
  "ORDER BY submitted_at DESC, id DESC LIMIT :limit";

constexpr auto exams_sql =
  "SELECT id, case_id, plan_id, plan_name, state, window_start, window_end, "
  "duration_s, started_at, deadline_at, closed_at, closed_by "
  "FROM exam_session WHERE applicant_id = :applicant "
  "ORDER BY window_start DESC, id DESC";

constexpr auto experts_sql =
  "SELECT pool, number, state, term_start, term_end, appointed_at, case_id "
  "FROM expert WHERE applicant_id = :applicant ORDER BY pool";

constexpr auto notifications_sql =
  "SELECT id, event, payload, created_at, read_at FROM notification "
  "WHERE applicant_id = :applicant AND (created_at, id) < "
  "(CAST(:at AS timestamptz), CAST(:id AS text)) "
  "ORDER BY created_at DESC, id DESC LIMIT :limit";

const std::string queue_columns =
  "SELECT id, number, applicant_id, pools, state, round, submitted_at, "
  "changed_at, deadline_at, exam_session_id, score_tenths, version, sealed "
  "FROM review_case WHERE ";

const std::string queue_page =
  "(submitted_at, id) > (CAST(:at AS timestamptz), CAST(:id AS text)) "
  "ORDER BY submitted_at, id LIMIT :limit";

} // namespace

domain::json drafts_of(soci::session& sql, const std::string& applicant_id) {
  return select_rows(sql, drafts_sql, applicant_id);
}

domain::json cases_of(soci::session& sql, const std::string& applicant_id,
                      const list_position& after, int limit) {
  return select_rows(sql, cases_sql, applicant_id, after.at, after.id, limit);
}

domain::json exams_of(soci::session& sql, const std::string& applicant_id) {
  return select_rows(sql, exams_sql, applicant_id);
}

domain::json experts_of(soci::session& sql, const std::string& applicant_id) {
  return select_rows(sql, experts_sql, applicant_id);
}

domain::json notifications_of(soci::session& sql,
                              const std::string& applicant_id,
                              const list_position& after, int limit) {
  return select_rows(sql, notifications_sql, applicant_id, after.at, after.id,
                     limit);
}

domain::json review_queue(soci::session& sql, const std::string& state,
                          const list_position& after, int limit) {
  if (state.empty())
    return select_rows(sql, queue_columns + queue_page, after.at, after.id,
                       limit);
  return select_rows(sql, queue_columns + "state = :state AND " + queue_page,
                     state, after.at, after.id, limit);
}

} // namespace zhiku::persistence
