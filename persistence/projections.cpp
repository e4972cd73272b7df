#include "persistence/projections.hpp"

#include <stdexcept>

#include <fmt/core.h>
#include <soci/soci.h>

namespace zhiku::persistence {

namespace {

// Table -> its columns besides `id`. Kept here, and not read from the
// catalogue, so that a decider can only ever write to a projection.
const std::map<std::string, std::vector<std::string>>& known_tables() {
  static const std::map<std::string, std::vector<std::string>> tables{
    {"person",
     {"identities", "active_identity", "phone_hash", "reachable", "openid",
      "created_at", "sealed"}},
    {"draft", {"applicant_id", "pools", "state", "version", "saved_at"}},
    {"expert",
     {"applicant_id", "pool", "number", "state", "term_start", "term_end",
      "appointed_at", "case_id"}},
    {"review_case",
     {"number", "applicant_id", "pools", "state", "round", "submitted_at",
      "changed_at", "deadline_at", "exam_session_id", "score_tenths", "version",
      "sealed"}},
    {"exam_session",
     {"applicant_id", "case_id", "plan_id", "plan_name", "state",
      "window_start", "window_end", "duration_s", "started_at", "deadline_at",
      "closed_at", "closed_by", "score_tenths", "passed"}},
  };
  return tables;
}

std::string upsert_statement(const std::string& table,
                             const std::vector<std::string>& columns) {
  std::string names;
  std::string values;
  for (const auto& column : columns) {
    names += (names.empty() ? "" : ", ") + column;
    values += (values.empty() ? "EXCLUDED." : ", EXCLUDED.") + column;
  }
  return fmt::format(
    "INSERT INTO {0} (id, {1}) SELECT id, {1} FROM "
    "jsonb_populate_recordset(CAST(NULL AS {0}), CAST(:rows AS jsonb)) "
    "ON CONFLICT (id) DO UPDATE SET ({1}) = ROW({2})",
    table, names, values);
}

} // namespace

void projection_batch::add(const domain::row& row, const std::string& sealed) {
  if (known_tables().count(row.table) == 0)
    throw std::invalid_argument("no projection is called " + row.table);
  auto columns = row.columns;
  columns["id"] = row.key;
  if (!sealed.empty())
    columns["sealed"] = sealed;
  for (const auto& [column, clear] : row.lookups)
    columns[column] = keys_.lookup_hash(clear);
  tables_[row.table][row.key] = std::move(columns);
}

void projection_batch::write(soci::session& sql,
                             prepared_statements& statements) {
  for (const auto& [table, rows] : tables_) {
    auto list = domain::json::array();
    for (const auto& [key, columns] : rows)
      list.push_back(columns);
    statements.run(sql, upsert_statement(table, known_tables().at(table)),
                   {list.dump()});
  }
}

} // namespace zhiku::persistence
