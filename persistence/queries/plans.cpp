#include "persistence/queries/plans.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_plan_sql =
  "INSERT INTO exam_plan (id, name, state, window_start, window_end, "
  "duration_s, pass_tenths, paper, multi_rule, created_at) VALUES "
  "(:id, :name, 'PUBLISHED', CAST(:start AS timestamptz), "
  "CAST(:end AS timestamptz), :duration, :pass, CAST(:paper AS jsonb), "
  ":rule, CAST(:now AS timestamptz)) ON CONFLICT (id) DO NOTHING";

const std::string plan_columns =
  "SELECT id, name, window_start, window_end, duration_s, pass_tenths, "
  "paper, multi_rule FROM exam_plan WHERE state = 'PUBLISHED' AND ";

constexpr auto all_plans_sql =
  "SELECT id, name, state, window_start, window_end, duration_s, "
  "pass_tenths, paper, multi_rule, created_at FROM exam_plan "
  "ORDER BY window_start DESC, id";

} // namespace

bool insert_plan(soci::session& sql, const domain::json& plan,
                 domain::instant now) {
  using domain::text_at;
  std::string id{text_at(plan, "id")};
  std::string name{text_at(plan, "name")};
  std::string start{text_at(plan, "window_start")};
  std::string end{text_at(plan, "window_end")};
  std::string rule{text_at(plan, "multi_rule")};
  long long duration = domain::integer_at(plan, "duration_s").value_or(0);
  long long pass = domain::integer_at(plan, "pass_tenths").value_or(0);
  run_statement(sql, insert_plan_sql, id, name, start, end, duration, pass,
                plan.at("paper").dump(), rule, to_sql(now));
  return published_plan(sql, id) == plan;
}

domain::json all_plans(soci::session& sql) {
  return select_rows(sql, all_plans_sql);
}

domain::json published_plan(soci::session& sql, const std::string& id) {
  return select_row(sql, plan_columns + "id = :id", id);
}

domain::json next_plan(soci::session& sql, domain::instant least_end) {
  return select_row(sql,
                    plan_columns
                      + "window_end >= CAST(:least AS timestamptz) "
                        "ORDER BY window_start, id LIMIT 1",
                    to_sql(least_end));
}

} // namespace zhiku::persistence
