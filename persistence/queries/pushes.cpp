#include "persistence/queries/pushes.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_push_sql =
  "INSERT INTO wechat_push (key, received_at, kind, openid, reply) VALUES "
  "(:key, CAST(:at AS timestamptz), :kind, :openid, '') "
  "ON CONFLICT (key) DO NOTHING RETURNING key";

constexpr auto stored_reply_sql =
  "SELECT reply FROM wechat_push WHERE key = :key";

constexpr auto keep_reply_sql =
  "UPDATE wechat_push SET reply = :reply WHERE key = :key";

constexpr auto enqueue_command_sql =
  "INSERT INTO effect (id, stream, version, lane, kind, target, type, "
  "payload, due_at, next_at) VALUES (:id, 'wechat', 0, 'ENTITY', 'command', "
  ":target, :type, CAST(:payload AS jsonb), CAST(:at AS timestamptz), "
  "CAST(:at AS timestamptz)) ON CONFLICT (id) DO NOTHING";

constexpr auto note_follower_sql =
  "INSERT INTO wechat_follower (openid, following, changed_at) VALUES "
  "(:openid, CAST(:following AS boolean), CAST(:at AS timestamptz)) "
  "ON CONFLICT (openid) DO UPDATE SET following = excluded.following, "
  "changed_at = excluded.changed_at "
  "WHERE wechat_follower.changed_at <= excluded.changed_at";

} // namespace

std::optional<std::string> remember_push(soci::session& sql,
                                         const push_row& push) {
  auto inserted = select_row(sql, insert_push_sql, push.key,
                             to_sql(push.received_at), push.kind, push.openid);
  if (!inserted.is_null())
    return std::nullopt;
  auto stored = select_row(sql, stored_reply_sql, push.key);
  return std::string{domain::text_at(stored, "reply")};
}

void keep_reply(soci::session& sql, const std::string& key,
                const std::string& reply) {
  run_statement(sql, keep_reply_sql, reply, key);
}

void note_follower(soci::session& sql, const std::string& openid,
                   bool following, domain::instant at) {
  std::string flag = following ? "true" : "false";
  run_statement(sql, note_follower_sql, openid, flag, to_sql(at));
}

void enqueue_command(soci::session& sql, const std::string& id,
                     const std::string& stream, const domain::command& what,
                     domain::instant at) {
  auto due = to_sql(at);
  run_statement(sql, enqueue_command_sql, id, stream, what.type,
                what.data.dump(), due, due);
}

} // namespace zhiku::persistence
