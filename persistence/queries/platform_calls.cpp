#include "persistence/queries/platform_calls.hpp"

#include "domain/fields.hpp"
#include "domain/validation/dates.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto add_sql =
  "INSERT INTO platform_call (day, api, calls, failures, limited_at) VALUES"
  " (CAST(:day AS date), :api, CAST(:calls AS bigint),"
  " CAST(:failures AS bigint), CASE WHEN CAST(:limited AS boolean)"
  " THEN CAST(:now AS timestamptz) END)"
  " ON CONFLICT (day, api) DO UPDATE SET"
  " calls = platform_call.calls + EXCLUDED.calls,"
  " failures = platform_call.failures + EXCLUDED.failures,"
  " limited_at = coalesce(EXCLUDED.limited_at, platform_call.limited_at)"
  " RETURNING calls, failures, limited_at";

constexpr auto latest_sql =
  "SELECT day, api, calls, failures, limited_at FROM platform_call"
  " WHERE day > CAST(:day AS date) - CAST(:days AS int)"
  " ORDER BY day DESC, api";

std::string day_of(domain::instant now) {
  return domain::to_text(domain::beijing_date(now));
}

} // namespace

call_count add_calls(soci::session& sql, const call_count& more,
                     domain::instant now) {
  auto row = select_row(
    sql, add_sql, day_of(now), more.api, std::to_string(more.calls),
    std::to_string(more.failures), sql_flag(more.limited), to_sql(now));
  return {more.api, row.at("calls").get<std::int64_t>(),
          row.at("failures").get<std::int64_t>(),
          domain::find(row, "limited_at") != nullptr};
}

domain::json latest_calls(soci::session& sql, domain::instant now, int days) {
  return select_rows(sql, latest_sql, day_of(now), std::to_string(days));
}

} // namespace zhiku::persistence
