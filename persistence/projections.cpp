#include "persistence/projections.hpp"

#include <stdexcept>

#include <fmt/core.h>
#include <soci/soci.h>

namespace zhiku::persistence {

namespace {

std::string upsert_of(const std::string& table,
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

// A table that deciders write to, with its columns besides `id`. Kept here, and
// not read from the catalogue, so that a decider can only ever write to a
// projection.
struct projection_table {
  projection_table(const std::string& called, std::vector<std::string> columns)
      : name(called), upsert(called + ".upsert", upsert_of(called, columns)) {
    // nop
  }

  std::string name;
  statement upsert;
};

const projection_table known_tables[] = {
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
   {"applicant_id", "case_id", "plan_id", "plan_name", "state", "window_start",
    "window_end", "duration_s", "started_at", "deadline_at", "closed_at",
    "closed_by", "score_tenths", "passed"}},
};

const projection_table* table_called(const std::string& name) {
  for (const auto& table : known_tables)
    if (table.name == name)
      return &table;
  return nullptr;
}

} // namespace

void projection_batch::add(const domain::row& row, const std::string& sealed) {
  if (table_called(row.table) == nullptr)
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
    statements.run(sql, table_called(table)->upsert, {list.dump()});
  }
}

} // namespace zhiku::persistence
