#include "persistence/queries/notifications.hpp"

#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

// The effect's text is the notification's id, so its fate is found by key.
constexpr auto staff_sql =
  "SELECT n.id, n.applicant_id, n.event, n.created_at, n.resent_by,"
  " n.resent_at, e.state AS fate, e.failure, e.next_at,"
  " coalesce((SELECT json_agg(json_build_object('route', d.route,"
  "   'number', d.number, 'stage', d.stage, 'tries', d.tries,"
  "   'first_at', d.first_at, 'changed_at', d.changed_at,"
  "   'next_at', d.next_at, 'via', d.via, 'platform_id', d.platform_id,"
  "   'detail', d.detail) ORDER BY d.first_at, d.route, d.number)"
  "   FROM delivery d WHERE d.notification_id = n.id), '[]') AS attempts"
  " FROM notification n JOIN effect e ON e.id = n.id"
  " WHERE (CAST(:fate AS text) = '' OR e.state = CAST(:fate2 AS text))"
  " AND (CAST(:event AS text) = '' OR n.event = CAST(:event2 AS text))"
  " AND (CAST(:person AS text) = '' OR n.applicant_id = CAST(:p2 AS text))"
  " AND (n.created_at, n.id) < (CAST(:at AS timestamptz), CAST(:id AS text))"
  " ORDER BY n.created_at DESC, n.id DESC LIMIT :limit";

constexpr auto fate_sql =
  "SELECT e.state AS fate FROM notification n JOIN effect e ON e.id = n.id"
  " WHERE n.id = :id FOR UPDATE";

constexpr auto new_round_sql =
  "UPDATE notification SET resent_after = coalesce((SELECT max(number) FROM"
  " delivery WHERE notification_id = CAST(:id AS text)), resent_after),"
  " resent_by = :staff, resent_at = CAST(:now AS timestamptz) WHERE id = :id2";

constexpr auto revive_sql =
  "UPDATE effect SET state = 'PENDING', attempts = 0, done_at = NULL,"
  " failure = NULL, next_at = CAST(:now AS timestamptz) WHERE id = :id";

constexpr auto read_sql =
  "UPDATE notification SET read_at = coalesce(read_at,"
  " CAST(:now AS timestamptz)) WHERE id = :id AND applicant_id = :applicant"
  " RETURNING id";

} // namespace

domain::json staff_notifications(soci::session& sql,
                                 const notification_filter& wanted,
                                 const list_position& after, int limit) {
  return select_rows(sql, staff_sql, wanted.fate, wanted.fate, wanted.event,
                     wanted.event, wanted.applicant_id, wanted.applicant_id,
                     after.at, after.id, limit);
}

resend send_anew(soci::session& sql, const std::string& id,
                 const std::string& staff_id, domain::instant now) {
  auto row = select_row(sql, fate_sql, id);
  if (row.is_null())
    return resend::unknown;
  if (row.at("fate") == "PENDING")
    return resend::under_way;
  auto at = to_sql(now);
  run_statement(sql, new_round_sql, id, staff_id, at, id);
  run_statement(sql, revive_sql, at, id);
  return resend::begun;
}

bool mark_read(soci::session& sql, const std::string& id,
               const std::string& applicant_id, domain::instant now) {
  return !select_row(sql, read_sql, to_sql(now), id, applicant_id).is_null();
}

} // namespace zhiku::persistence
