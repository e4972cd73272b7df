#include "persistence/queries/pushes.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"
#include "persistence/sql_array.hpp"

#include <set>

namespace zhiku::persistence {

namespace {

// In the order of the keys, in which every node then waits for the others.
constexpr auto insert_pushes_sql =
  "INSERT INTO wechat_push (key, received_at, kind, openid, reply) "
  "SELECT k, CAST(at AS timestamptz), ki, o, r FROM unnest("
  "CAST(:k AS text[]), CAST(:at AS text[]), CAST(:ki AS text[]), "
  "CAST(:o AS text[]), CAST(:r AS text[])) AS u(k, at, ki, o, r) ORDER BY k "
  "ON CONFLICT (key) DO NOTHING RETURNING key";

constexpr auto stored_replies_sql =
  "SELECT key, reply FROM wechat_push WHERE key = ANY(CAST(:keys AS text[]))";

constexpr auto keep_replies_sql =
  "UPDATE wechat_push SET reply = u.r FROM unnest("
  "CAST(:k AS text[]), CAST(:r AS text[])) AS u(k, r) "
  "WHERE wechat_push.key = u.k";

constexpr auto enqueue_command_sql =
  "INSERT INTO effect (id, stream, version, lane, kind, target, type, "
  "payload, due_at, next_at) VALUES (:id, 'wechat', 0, 'ENTITY', 'command', "
  ":target, :type, CAST(:payload AS jsonb), CAST(:at AS timestamptz), "
  "CAST(:at AS timestamptz)) ON CONFLICT (id) DO NOTHING";

} // namespace

std::map<std::string, std::string>
remember_pushes(soci::session& sql, const std::vector<push_row>& pushes) {
  sql_array key, at, kind, openid, reply;
  std::set<std::string> repeated;
  for (const auto& push : pushes) {
    if (!repeated.insert(push.key).second)
      continue;
    key.add(push.key);
    at.add(to_sql(push.received_at));
    kind.add(push.kind);
    openid.add(push.openid);
    reply.add(push.reply);
  }
  auto inserted = select_rows(sql, insert_pushes_sql, key.take(), at.take(),
                              kind.take(), openid.take(), reply.take());
  for (const auto& row : inserted)
    repeated.erase(std::string{domain::text_at(row, "key")});
  std::map<std::string, std::string> replies;
  if (repeated.empty())
    return replies;
  for (const auto& known : repeated)
    key.add(known);
  for (const auto& row : select_rows(sql, stored_replies_sql, key.take()))
    replies.emplace(domain::text_at(row, "key"), domain::text_at(row, "reply"));
  return replies;
}

void keep_replies(soci::session& sql,
                  const std::map<std::string, std::string>& replies) {
  if (replies.empty())
    return;
  sql_array key, reply;
  for (const auto& [known, text] : replies) {
    key.add(known);
    reply.add(text);
  }
  run_statement(sql, keep_replies_sql, key.take(), reply.take());
}

void enqueue_command(soci::session& sql, const std::string& id,
                     const std::string& stream, const domain::command& what,
                     domain::instant at) {
  auto due = to_sql(at);
  run_statement(sql, enqueue_command_sql, id, stream, what.type,
                what.data.dump(), due, due);
}

} // namespace zhiku::persistence
