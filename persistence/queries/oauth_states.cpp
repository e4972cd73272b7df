#include "persistence/queries/oauth_states.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_state_sql =
  "INSERT INTO oauth_state (state_hash, browser_hash, target, expires_at) "
  "VALUES (:state, :browser, :target, CAST(:expires AS timestamptz))";

constexpr auto consume_state_sql =
  "UPDATE oauth_state SET used_at = CAST(:now AS timestamptz) "
  "WHERE state_hash = :state AND browser_hash = :browser "
  "AND used_at IS NULL AND expires_at > CAST(:now2 AS timestamptz) "
  "RETURNING target, used_at";

constexpr auto used_state_sql =
  "SELECT target, used_at FROM oauth_state WHERE state_hash = :state "
  "AND browser_hash = :browser AND used_at IS NOT NULL";

consumed_state state_of(state_fate fate, const domain::json& row) {
  return {fate, std::string{domain::text_at(row, "target")},
          domain::instant_at(row, "used_at").value_or(domain::instant{})};
}

} // namespace

void insert_oauth_state(soci::session& sql, const oauth_state& state) {
  run_statement(sql, insert_state_sql, state.state_hash, state.browser_hash,
                state.target, to_sql(state.expires_at));
}

consumed_state consume_oauth_state(soci::session& sql,
                                   const std::string& state_hash,
                                   const std::string& browser_hash,
                                   domain::instant now) {
  auto at = to_sql(now);
  auto fresh =
    select_row(sql, consume_state_sql, at, state_hash, browser_hash, at);
  if (!fresh.is_null())
    return state_of(state_fate::fresh, fresh);
  auto used = select_row(sql, used_state_sql, state_hash, browser_hash);
  if (!used.is_null())
    return state_of(state_fate::used, used);
  return {};
}

} // namespace zhiku::persistence
