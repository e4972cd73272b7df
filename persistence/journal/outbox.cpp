#include "persistence/journal/outbox.hpp"

#include "persistence/database.hpp"
#include "persistence/journal/columns.hpp"
#include "persistence/journal/sealed_row.hpp"
#include "persistence/journal/statements.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::persistence {

std::vector<due_effect> outbox::claim(lane which, instant now,
                                      instant lease_end, std::size_t limit) {
  std::vector<due_effect> taken;
  auto until = to_sql(lease_end), due = to_sql(now);
  std::string name = to_text(which);
  auto most = static_cast<int>(limit);
  soci::rowset<soci::row> rows =
    (sql_.prepare << journal_sql::claim_effects.sql(), soci::use(until),
     soci::use(name), soci::use(due), soci::use(most));
  for (const auto& row : rows)
    taken.push_back(read(row));
  return taken;
}

std::optional<instant> outbox::next_due(lane which) {
  long long value = 0;
  std::string name = to_text(which);
  soci::indicator found = soci::i_null;
  sql_ << journal_sql::next_due.sql(), soci::use(name),
    soci::into(value, found);
  if (found != soci::i_ok)
    return std::nullopt;
  return from_micros(value);
}

due_effect outbox::read(const soci::row& row) {
  due_effect due;
  due.id = row.get<std::string>(0);
  due.stream = row.get<std::string>(1);
  due.what.what = effect_kind_of(row.get<std::string>(2));
  due.what.target = row.get<std::string>(3);
  due.what.type = row.get<std::string>(4);
  due.what.payload = json::parse(row.get<std::string>(5));
  due.what.pii =
    clear_of(sql_, vault_, text_or_empty(row, 7), text_or_empty(row, 6));
  due.what.due = from_micros(row.get<long long>(8));
  due.attempts = row.get<int>(9);
  return due;
}

std::vector<std::string> settlement_values(std::vector<settlement> all) {
  std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.effect_id < b.effect_id;
  });
  column_batch<settlement, std::size(settlement_columns)> batch{
    settlement_columns};
  for (const auto& one : all)
    batch.add(one);
  return batch.take();
}

} // namespace zhiku::persistence
