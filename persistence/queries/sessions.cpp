#include "persistence/queries/sessions.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_session_sql =
  "INSERT INTO session (token_hash, kind, channel, applicant_id, openid, "
  "staff_id, roles, csrf_hash, former_csrf_hash, created_at, seen_at, "
  "expires_at) VALUES "
  "(:token, :kind, :channel, nullif(:applicant, ''), nullif(:openid, ''), "
  "nullif(:staff, ''), CAST(:roles AS jsonb), :csrf, nullif(:former, ''), "
  "CAST(:created AS timestamptz), CAST(:seen AS timestamptz), "
  "CAST(:expires AS timestamptz))";

constexpr auto load_session_sql =
  "SELECT token_hash, kind, channel, applicant_id, openid, staff_id, roles, "
  "csrf_hash, created_at, seen_at, expires_at, "
  "revoked_at IS NOT NULL AS revoked, revoked_because, former_csrf_hash "
  "FROM session WHERE token_hash = :token";

constexpr auto touch_session_sql =
  "UPDATE session SET seen_at = CAST(:now AS timestamptz) "
  "WHERE token_hash = :token AND seen_at < CAST(:now AS timestamptz)";

constexpr auto attach_applicant_sql =
  "UPDATE session SET applicant_id = :applicant WHERE token_hash = :token";

constexpr auto revoke_session_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz), "
  "revoked_because = nullif(:because, '') "
  "WHERE token_hash = :token AND revoked_at IS NULL";

constexpr auto revoke_person_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz) "
  "WHERE applicant_id = :applicant AND revoked_at IS NULL";

constexpr auto revoke_staff_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz) "
  "WHERE staff_id = :staff AND revoked_at IS NULL";

session_row session_of(const domain::json& row) {
  using domain::text_at;
  return {std::string{text_at(row, "token_hash")},
          std::string{text_at(row, "kind")},
          std::string{text_at(row, "channel")},
          std::string{text_at(row, "applicant_id")},
          std::string{text_at(row, "openid")},
          std::string{text_at(row, "staff_id")},
          domain::texts_at(row, "roles"),
          std::string{text_at(row, "csrf_hash")},
          domain::instant_at(row, "created_at").value_or(domain::instant{}),
          domain::instant_at(row, "seen_at").value_or(domain::instant{}),
          domain::instant_at(row, "expires_at").value_or(domain::instant{}),
          domain::flag_at(row, "revoked"),
          std::string{text_at(row, "revoked_because")},
          std::string{text_at(row, "former_csrf_hash")}};
}

} // namespace

void insert_session(soci::session& sql, const session_row& row) {
  run_statement(sql, insert_session_sql, row.token_hash, row.kind, row.channel,
                row.applicant_id, row.openid, row.staff_id,
                domain::json(row.roles).dump(), row.csrf_hash,
                row.former_csrf_hash, to_sql(row.created_at),
                to_sql(row.seen_at), to_sql(row.expires_at));
}

std::optional<session_row> load_session(soci::session& sql,
                                        const std::string& token_hash) {
  auto row = select_row(sql, load_session_sql, token_hash);
  if (row.is_null())
    return std::nullopt;
  return session_of(row);
}

void touch_session(soci::session& sql, const std::string& token_hash,
                   domain::instant now) {
  auto at = to_sql(now);
  run_statement(sql, touch_session_sql, at, token_hash, at);
}

void attach_applicant(soci::session& sql, const std::string& token_hash,
                      const std::string& applicant_id) {
  run_statement(sql, attach_applicant_sql, applicant_id, token_hash);
}

void revoke_session(soci::session& sql, const std::string& token_hash,
                    domain::instant now, const std::string& because) {
  run_statement(sql, revoke_session_sql, to_sql(now), because, token_hash);
}

void revoke_sessions_like(soci::session& sql, const session_row& one,
                          domain::instant now) {
  if (!one.applicant_id.empty())
    run_statement(sql, revoke_person_sql, to_sql(now), one.applicant_id);
  else if (!one.staff_id.empty())
    run_statement(sql, revoke_staff_sql, to_sql(now), one.staff_id);
  else
    revoke_session(sql, one.token_hash, now);
}

} // namespace zhiku::persistence
