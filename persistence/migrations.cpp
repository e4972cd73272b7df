#include "persistence/migrations.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"

#include <map>
#include <optional>

#include <soci/soci.h>

namespace zhiku::persistence {

namespace {

using domain::errc;
using domain::refusal;
using domain::result;

// Any fixed number: every node takes the same lock before it looks.
constexpr auto lock_statement = "SELECT pg_advisory_xact_lock(7210451983)";

constexpr auto history_table =
  "CREATE TABLE IF NOT EXISTS schema_migration ("
  " version integer NOT NULL PRIMARY KEY,"
  " name text NOT NULL,"
  " checksum text NOT NULL,"
  " applied_at timestamptz NOT NULL DEFAULT clock_timestamp())";

std::string checksum(const migration& step) {
  return to_hex(sha256(step.sql));
}

std::map<int, std::string> applied_checksums(soci::session& sql) {
  std::map<int, std::string> applied;
  soci::rowset<soci::row> rows =
    (sql.prepare << "SELECT version, checksum FROM schema_migration");
  for (const auto& row : rows)
    applied.emplace(row.get<int>(0), row.get<std::string>(1));
  return applied;
}

std::optional<refusal> contradiction(const std::map<int, std::string>& applied,
                                     const std::vector<migration>& known) {
  for (const auto& step : known) {
    auto before = applied.find(step.version);
    if (before != applied.end() && before->second != checksum(step))
      return refusal{errc::state_conflict,
                     "migration " + step.name
                       + " was changed after it was "
                         "applied",
                     {}};
  }
  if (!applied.empty()
      && (known.empty() || applied.rbegin()->first > known.back().version))
    return refusal{
      errc::state_conflict, "the database is newer than this program", {}};
  return std::nullopt;
}

void apply(soci::session& sql, const migration& step) {
  sql << step.sql;
  auto sum = checksum(step);
  sql << "INSERT INTO schema_migration (version, name, checksum) VALUES (:v, "
         ":n, :c)",
    soci::use(step.version), soci::use(step.name), soci::use(sum);
}

} // namespace

result<std::vector<std::string>> migrate(database& db,
                                         const std::vector<migration>& known) {
  std::vector<std::string> names;
  std::optional<refusal> refused;
  auto outcome = db.transaction([&](soci::session& sql) {
    sql << lock_statement;
    sql << history_table;
    auto applied = applied_checksums(sql);
    refused = contradiction(applied, known);
    if (refused)
      return;
    for (const auto& step : known) {
      if (applied.count(step.version) > 0)
        continue;
      apply(sql, step);
      names.push_back(step.name);
    }
  });
  if (!outcome)
    return outcome.error();
  if (refused)
    return *refused;
  return names;
}

} // namespace zhiku::persistence
