#include "persistence/queries/sessions.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_session_sql =
  "INSERT INTO session (token_hash, kind, channel, applicant_id, openid, "
  "staff_id, csrf_hash, former_csrf_hash, created_at, seen_at, expires_at, "
  "device, network, lineage) VALUES "
  "(:token, :kind, :channel, nullif(:applicant, ''), nullif(:openid, ''), "
  "nullif(:staff, ''), :csrf, nullif(:former, ''), "
  "CAST(:created AS timestamptz), CAST(:seen AS timestamptz), "
  "CAST(:expires AS timestamptz), :device, :network, "
  "coalesce(CAST(nullif(:lineage, '') AS uuid), gen_random_uuid()))";

// What an account may do is read from the account, never from its login.
constexpr auto load_session_sql =
  "SELECT s.token_hash, s.kind, s.channel, s.applicant_id, s.openid, "
  "s.staff_id, a.roles, s.csrf_hash, s.created_at, s.seen_at, s.expires_at, "
  "s.revoked_at, s.revoked_at IS NOT NULL OR s.kind = 'STAFF' AND (a.id IS "
  "NULL OR "
  "a.disabled_at IS NOT NULL OR coalesce(s.created_at < a.sessions_from, "
  "false)) AS revoked, s.revoked_because, s.former_csrf_hash, s.device, "
  "s.network, s.id, s.lineage FROM session s LEFT JOIN staff a ON a.id = "
  "s.staff_id "
  "WHERE s.token_hash = :token";

// Who is neither known nor staff has the one login that asks.
constexpr auto list_sessions_sql =
  "SELECT id, channel, device, network, created_at, seen_at, "
  "token_hash = :token AS current FROM session "
  "WHERE (applicant_id = :applicant OR staff_id = :staff OR "
  "token_hash = :token2) AND revoked_at IS NULL "
  "AND expires_at > CAST(:now AS timestamptz) "
  "AND seen_at > CAST(:idle AS timestamptz) ORDER BY seen_at DESC LIMIT 100";

constexpr auto end_session_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz) "
  "WHERE id = CAST(:id AS uuid) AND revoked_at IS NULL "
  "AND (applicant_id = :applicant OR staff_id = :staff OR token_hash = :token) "
  "RETURNING token_hash";

constexpr auto touch_session_sql =
  "UPDATE session SET seen_at = CAST(:now AS timestamptz) "
  "WHERE token_hash = :token AND seen_at < CAST(:now AS timestamptz)";

constexpr auto revoke_session_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz), "
  "revoked_because = nullif(:because, '') "
  "WHERE token_hash = :token AND revoked_at IS NULL RETURNING token_hash";

constexpr auto lock_person_sql =
  "SELECT count(*) AS held FROM (SELECT 1 FROM session "
  "WHERE applicant_id = :applicant AND revoked_at IS NULL "
  "ORDER BY token_hash FOR UPDATE) AS live";

constexpr auto revoke_person_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz), "
  "revoked_because = nullif(:because, '') "
  "WHERE applicant_id = :applicant AND revoked_at IS NULL "
  "AND token_hash <> :kept";

constexpr auto revoke_staff_sql =
  "UPDATE session SET revoked_at = CAST(:now AS timestamptz), "
  "revoked_because = nullif(:because, '') "
  "WHERE staff_id = :staff AND revoked_at IS NULL AND token_hash <> :kept";

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
          domain::instant_at(row, "revoked_at"),
          std::string{text_at(row, "revoked_because")},
          std::string{text_at(row, "former_csrf_hash")},
          std::string{text_at(row, "device")},
          std::string{text_at(row, "network")},
          std::string{text_at(row, "id")},
          std::string{text_at(row, "lineage")}};
}

} // namespace

void insert_session(soci::session& sql, const session_row& row) {
  run_statement(sql, insert_session_sql, row.token_hash, row.kind, row.channel,
                row.applicant_id, row.openid, row.staff_id, row.csrf_hash,
                row.former_csrf_hash, to_sql(row.created_at),
                to_sql(row.seen_at), to_sql(row.expires_at), row.device,
                row.network, row.lineage);
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

bool revoke_session(soci::session& sql, const std::string& token_hash,
                    domain::instant now, const std::string& because) {
  return !select_row(sql, revoke_session_sql, to_sql(now), because, token_hash)
            .is_null();
}

void lock_sessions_like(soci::session& sql, const session_row& one) {
  select_row(sql, lock_person_sql, one.applicant_id);
}

void revoke_sessions_like(soci::session& sql, const session_row& one,
                          domain::instant now, const std::string& because,
                          const std::string& kept) {
  if (!one.applicant_id.empty())
    run_statement(sql, revoke_person_sql, to_sql(now), because,
                  one.applicant_id, kept);
  else if (!one.staff_id.empty())
    run_statement(sql, revoke_staff_sql, to_sql(now), because, one.staff_id,
                  kept);
  else if (one.token_hash != kept)
    revoke_session(sql, one.token_hash, now, because);
}

domain::json list_sessions_like(soci::session& sql, const session_row& one,
                                domain::instant now, domain::instant idle) {
  return select_rows(sql, list_sessions_sql, one.token_hash, one.applicant_id,
                     one.staff_id, one.token_hash, to_sql(now), to_sql(idle));
}

std::string end_session_like(soci::session& sql, const session_row& one,
                             const std::string& id, domain::instant now) {
  auto ended = select_row(sql, end_session_sql, to_sql(now), id,
                          one.applicant_id, one.staff_id, one.token_hash);
  return ended.is_null() ? std::string{}
                         : std::string{domain::text_at(ended, "token_hash")};
}

} // namespace zhiku::persistence
