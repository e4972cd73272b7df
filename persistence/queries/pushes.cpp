#include "persistence/queries/pushes.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_push_sql =
  "INSERT INTO wechat_push (key, received_at, kind, openid, reply) VALUES "
  "(:key, CAST(:at AS timestamptz), :kind, :openid, :reply) "
  "ON CONFLICT (key) DO NOTHING RETURNING key";

constexpr auto stored_reply_sql =
  "SELECT reply FROM wechat_push WHERE key = :key";

constexpr auto note_follower_sql =
  "INSERT INTO wechat_follower (openid, following, changed_at) VALUES "
  "(:openid, CAST(:following AS boolean), CAST(:at AS timestamptz)) "
  "ON CONFLICT (openid) DO UPDATE SET following = excluded.following, "
  "changed_at = excluded.changed_at "
  "WHERE wechat_follower.changed_at <= excluded.changed_at";

} // namespace

remembered_push remember_push(soci::session& sql, const push_row& push) {
  auto inserted =
    select_row(sql, insert_push_sql, push.key, to_sql(push.received_at),
               push.kind, push.openid, push.reply);
  if (!inserted.is_null())
    return {true, push.reply};
  auto stored = select_row(sql, stored_reply_sql, push.key);
  return {false, std::string{domain::text_at(stored, "reply")}};
}

void note_follower(soci::session& sql, const std::string& openid,
                   bool following, domain::instant at) {
  std::string flag = following ? "true" : "false";
  run_statement(sql, note_follower_sql, openid, flag, to_sql(at));
}

} // namespace zhiku::persistence
