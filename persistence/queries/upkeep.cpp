#include "persistence/queries/upkeep.hpp"

#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto take_on_sql =
  "INSERT INTO upkeep (task, tried_at) VALUES (:task,"
  " CAST(:now AS timestamptz)) ON CONFLICT (task) DO UPDATE SET"
  " tried_at = EXCLUDED.tried_at"
  " WHERE coalesce(upkeep.done_at < CAST(:due AS timestamptz), true)"
  " AND upkeep.tried_at <= CAST(:before AS timestamptz) RETURNING task";

constexpr auto done_sql =
  "UPDATE upkeep SET done_at = CAST(:at AS timestamptz) WHERE task = :task";

} // namespace

bool take_on(soci::session& sql, const std::string& task, domain::instant due,
             domain::seconds pause, domain::instant now) {
  auto taken = select_row(sql, take_on_sql, task, to_sql(now), to_sql(due),
                          to_sql(now - pause));
  return !taken.is_null();
}

void note_done(soci::session& sql, const std::string& task,
               domain::instant at) {
  run_statement(sql, done_sql, to_sql(at), task);
}

} // namespace zhiku::persistence
