#include "persistence/queries/questions.hpp"

#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

void put_questions(soci::session& sql, const domain::json& list) {
  run_statement(
    sql,
    "INSERT INTO question (id, version, type, topic, body) "
    "SELECT q->>'id', CAST(q->>'version' AS integer), q->>'type', "
    "q->>'topic', q FROM jsonb_array_elements(CAST(:list AS jsonb)) AS q "
    "ON CONFLICT DO NOTHING",
    list.dump());
}

domain::json all_questions(soci::session& sql) {
  auto list = domain::json::array();
  auto rows = select_rows(
    sql, "SELECT body, retired_at IS NOT NULL AS retired FROM question "
         "ORDER BY id, version");
  for (auto& row : rows) {
    auto question = std::move(row.at("body"));
    question["retired"] = row.at("retired");
    list.push_back(std::move(question));
  }
  return list;
}

} // namespace zhiku::persistence
