#include "persistence/prepared_statements.hpp"

#include <algorithm>
#include <cassert>

#include <soci/soci.h>

namespace zhiku::persistence {

struct prepared_statements::entry {
  entry(soci::session& sql, const std::string& text, std::size_t parameters)
      : values(parameters), statement(sql) {
    for (auto& value : values)
      statement.exchange(soci::use(value));
    statement.alloc();
    statement.prepare(text, soci::details::st_repeatable_query);
    statement.define_and_bind();
  }

  std::vector<std::string> values; ///< bound: they keep their places
  soci::statement statement;
};

prepared_statements::prepared_statements() = default;
prepared_statements::~prepared_statements() = default;

void prepared_statements::run(soci::session& sql, const statement& which,
                              std::vector<std::string> values) {
  auto known = known_.find(&which);
  if (known == known_.end())
    known = known_
              .emplace(&which,
                       std::make_unique<entry>(sql, which.sql(), values.size()))
              .first;
  auto& one = *known->second;
  assert(values.size() == one.values.size());
  std::move(values.begin(), values.end(), one.values.begin());
  try {
    one.statement.execute(true);
  } catch (...) {
    // SOCI frees what it has bound only after a success.
    one.statement.undefine_and_bind();
    throw;
  }
}

} // namespace zhiku::persistence
