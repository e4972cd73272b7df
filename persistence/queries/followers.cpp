#include "persistence/queries/followers.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/pushes.hpp"
#include "persistence/queries/rows.hpp"
#include "persistence/sql_array.hpp"

#include <array>

namespace zhiku::persistence {

namespace {

constexpr auto note_follower_sql =
  "INSERT INTO wechat_follower (openid, following, changed_at) VALUES "
  "(:openid, CAST(:following AS boolean), CAST(:at AS timestamptz)) "
  "ON CONFLICT (openid) DO UPDATE SET following = excluded.following, "
  "changed_at = excluded.changed_at "
  "WHERE wechat_follower.changed_at <= excluded.changed_at";

constexpr auto note_followers_sql =
  "INSERT INTO wechat_follower (openid, following, changed_at)"
  " SELECT u.openid, w.following, w.at"
  " FROM unnest(CAST(:openids AS text[])) AS u(openid)"
  " CROSS JOIN (SELECT CAST(:following AS boolean) AS following,"
  "  CAST(:at AS timestamptz) AS at) AS w"
  " LEFT JOIN wechat_follower f ON f.openid = u.openid"
  " LEFT JOIN person p ON p.openid = u.openid"
  " WHERE f.following IS DISTINCT FROM w.following"
  " OR p.reachable <> w.following ORDER BY u.openid"
  " ON CONFLICT (openid) DO UPDATE SET following = EXCLUDED.following,"
  " changed_at = EXCLUDED.changed_at"
  " WHERE wechat_follower.changed_at < EXCLUDED.changed_at RETURNING openid";

constexpr auto misjudged_sql =
  "SELECT id, openid FROM person WHERE reachable <> CAST(:following AS boolean)"
  " AND openid = ANY(CAST(:openids AS text[]))";

constexpr auto tell_sql =
  "INSERT INTO effect (id, stream, version, lane, kind, target, type, payload,"
  " due_at, next_at) SELECT u.id, 'wechat', 0, 'ENTITY', 'command', u.target,"
  " w.type, CAST(u.payload AS jsonb), w.at, w.at"
  " FROM unnest(CAST(:ids AS text[]), CAST(:targets AS text[]),"
  " CAST(:payloads AS text[])) AS u(id, target, payload)"
  " CROSS JOIN (SELECT CAST(:type AS text) AS type,"
  "  CAST(:at AS timestamptz) AS at) AS w ON CONFLICT (id) DO NOTHING";

// Each half is read in the order of its own index.
constexpr auto believed_sql =
  "(SELECT f.openid FROM wechat_follower f WHERE f.following"
  " AND f.changed_at < CAST(:before AS timestamptz)"
  " AND f.openid > CAST(:after AS text) ORDER BY f.openid"
  " LIMIT CAST(:most AS int))"
  " UNION (SELECT p.openid FROM person p WHERE p.reachable"
  " AND p.openid > CAST(:after2 AS text)"
  " AND NOT EXISTS (SELECT FROM wechat_follower n WHERE n.openid = p.openid"
  "  AND n.changed_at >= CAST(:before2 AS timestamptz))"
  " ORDER BY p.openid LIMIT CAST(:most2 AS int))"
  " ORDER BY openid LIMIT CAST(:most3 AS int)";

constexpr auto end_sessions_sql =
  "UPDATE session SET revoked_at = CAST(:at AS timestamptz)"
  " WHERE revoked_at IS NULL AND (openid = :openid"
  "  OR (channel = 'WECHAT' AND applicant_id = :applicant))";

constexpr std::array forget_sql = {
  "DELETE FROM wechat_unionid WHERE openid = :openid",
  "DELETE FROM template_refusal WHERE openid = :openid",
  "DELETE FROM subscription_consent WHERE openid = :openid",
  "UPDATE login_ticket SET openid = NULL, state = 'REFUSED'"
  " WHERE openid = :openid"};

domain::command order_of(const std::string& openid, bool following,
                         domain::instant at) {
  return {following ? "follow" : "unfollow",
          {{"openid", openid}, {"at", domain::to_text(at)}}};
}

std::vector<std::string> openids_of(const domain::json& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows)
    all.emplace_back(domain::text_at(row, "openid"));
  return all;
}

/// The same for each node that finds it, so that a person is told once.
std::string id_of_news(const std::string& openid, domain::instant at) {
  return to_hex(sha256("follower\n" + openid + '\n' + domain::to_text(at)));
}

void tell(soci::session& sql, const domain::json& persons, bool following,
          domain::instant at) {
  sql_array ids, targets, payloads;
  for (const auto& person : persons) {
    std::string openid{domain::text_at(person, "openid")};
    ids.add(id_of_news(openid, at));
    targets.add("applicant/" + std::string{domain::text_at(person, "id")});
    payloads.add(order_of(openid, following, at).data.dump());
  }
  run_statement(sql, tell_sql, ids.take(), targets.take(), payloads.take(),
                order_of({}, following, at).type, to_sql(at));
}

} // namespace

void note_follower(soci::session& sql, const std::string& openid,
                   bool following, domain::instant at) {
  run_statement(sql, note_follower_sql, openid, sql_flag(following),
                to_sql(at));
}

void note_following(soci::session& sql, const std::string& id,
                    const std::string& openid, bool following,
                    domain::instant at) {
  note_follower(sql, openid, following, at);
  if (auto applicant = applicant_by_openid(sql, openid))
    enqueue_command(sql, id, "applicant/" + *applicant,
                    order_of(openid, following, at), at);
}

void forget_account(soci::session& sql, const std::string& id,
                    const std::string& openid, domain::instant at) {
  note_follower(sql, openid, false, at);
  auto applicant = applicant_by_openid(sql, openid);
  if (applicant)
    enqueue_command(sql, id, "applicant/" + *applicant,
                    {"unbind", {{"openid", openid}}}, at);
  run_statement(sql, end_sessions_sql, to_sql(at), openid,
                applicant.value_or(std::string{}));
  for (const auto* statement : forget_sql)
    run_statement(sql, statement, openid);
}

std::size_t note_followings(soci::session& sql,
                            std::span<const std::string> openids,
                            bool following, domain::instant at) {
  if (openids.empty())
    return 0;
  auto noted =
    openids_of(select_rows(sql, note_followers_sql, sql_array_of(openids),
                           sql_flag(following), to_sql(at)));
  if (noted.empty())
    return 0;
  auto misjudged =
    select_rows(sql, misjudged_sql, sql_flag(following), sql_array_of(noted));
  if (!misjudged.empty())
    tell(sql, misjudged, following, at);
  return noted.size();
}

std::vector<std::string> believed_followers(soci::session& sql,
                                            const std::string& after,
                                            domain::instant before,
                                            std::size_t most) {
  auto limit = std::to_string(most);
  auto until = to_sql(before);
  return openids_of(select_rows(sql, believed_sql, until, after, limit, after,
                                until, limit, limit));
}

} // namespace zhiku::persistence
