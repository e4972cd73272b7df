#pragma once
// Rows as JSON: PostgreSQL builds the objects, so a query names its columns
// once. Instants come out as RFC 3339 in UTC, as everywhere in the house.
// Internal to persistence/queries. Everything here throws what SOCI throws;
// `pool::run` and `pool::transaction` make values of it.

#include "domain/entity.hpp"

#include <soci/soci.h>

namespace zhiku::persistence {

/// The JSON list that `text` holds, with its instants normalised.
domain::json rows_of_text(const std::string& text);

/// A boolean for a bound parameter cast to boolean.
inline std::string sql_flag(bool value) {
  return value ? "true" : "false";
}

/// Runs a statement whose parameters `:name` are bound in order.
template <class... Parameters>
void run_statement(soci::session& sql, const std::string& statement_text,
                   const Parameters&... parameters) {
  soci::statement statement{sql};
  (statement.exchange(soci::use(parameters)), ...);
  statement.alloc();
  statement.prepare(statement_text, soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
}

/// The rows of `query` (a SELECT, or a statement with RETURNING) as a list.
template <class... Parameters>
domain::json select_rows(soci::session& sql, const std::string& query,
                         const Parameters&... parameters) {
  std::string text;
  soci::statement statement{sql};
  statement.exchange(soci::into(text));
  (statement.exchange(soci::use(parameters)), ...);
  statement.alloc();
  statement.prepare("WITH r AS (" + query
                      + ") SELECT CAST(coalesce(json_agg(to_json(r)), '[]') AS "
                        "text) FROM r",
                    soci::details::st_one_time_query);
  statement.define_and_bind();
  statement.execute(true);
  return rows_of_text(text);
}

/// The first row, or null.
template <class... Parameters>
domain::json select_row(soci::session& sql, const std::string& query,
                        const Parameters&... parameters) {
  auto rows = select_rows(sql, query, parameters...);
  return rows.empty() ? domain::json(nullptr) : std::move(rows.front());
}

} // namespace zhiku::persistence
