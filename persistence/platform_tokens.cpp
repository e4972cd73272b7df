#include "persistence/platform_tokens.hpp"

#include "domain/fields.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

using domain::instant;
using domain::json;
using domain::nothing;
using domain::result;

namespace {

constexpr auto make_row_sql =
  "INSERT INTO platform_token (name, sealed, fetched_at, renew_at, expires_at)"
  " VALUES (:name, '', to_timestamp(0), to_timestamp(0), to_timestamp(0))"
  " ON CONFLICT DO NOTHING";

const std::string locked_row_sql =
  "SELECT sealed, renew_at, expires_at FROM platform_token"
  " WHERE name = :name FOR UPDATE";

constexpr auto store_sql =
  "UPDATE platform_token SET sealed = :sealed,"
  " fetched_at = CAST(:now AS timestamptz),"
  " renew_at = CAST(:renew AS timestamptz),"
  " expires_at = CAST(:expires AS timestamptz) WHERE name = :name";

constexpr auto taken_sql = "UPDATE platform_token SET"
                           " taken_at = CAST(:at AS timestamptz)"
                           " WHERE name = :name";

} // namespace

platform_tokens::platform_tokens(std::string dsn, vault& keys)
    : db_(std::move(dsn)), vault_(keys) {
  // nop
}

result<std::optional<platform_token>>
platform_tokens::renew(const std::string& name, const std::string& failing,
                       instant now, when_busy busy, const fetcher& fetch) {
  std::optional<platform_token> outcome;
  auto made = db_.run(
    [&](soci::session& sql) { run_statement(sql, make_row_sql, name); });
  if (!made)
    return made.error();
  auto written = db_.transaction([&](soci::session& sql) {
    outcome.reset();
    auto row = select_row(
      sql, locked_row_sql + (busy == when_busy::leave ? " SKIP LOCKED" : ""),
      name);
    if (row.is_null())
      return;
    std::optional<platform_token> held;
    if (auto sealed = domain::text_at(row, "sealed"); !sealed.empty())
      if (auto clear = vault_.open(sql, "", sealed))
        held = {std::string{domain::text_at(*clear, "token")},
                domain::instant_at(row, "renew_at").value_or(instant{}),
                domain::instant_at(row, "expires_at").value_or(instant{})};
    if (held && held->text != failing && now < held->renew_at) {
      outcome = held;
      return;
    }
    outcome = fetch(held);
    if (!outcome) {
      if (held && held->text != failing && now < held->expires_at)
        outcome = held;
      return;
    }
    auto sealed = vault_.seal(sql, "", {{"token", outcome->text}});
    run_statement(sql, store_sql, sealed, to_sql(now),
                  to_sql(outcome->renew_at), to_sql(outcome->expires_at), name);
  });
  if (!written)
    return written.error();
  return outcome;
}

result<nothing> platform_tokens::note_taken(const std::string& name,
                                            instant at) {
  return db_.run([&](soci::session& sql) {
    run_statement(sql, taken_sql, to_sql(at), name);
  });
}

} // namespace zhiku::persistence
