#include "persistence/journal/reader.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "domain/refusal_codec.hpp"
#include "persistence/journal/columns.hpp"
#include "persistence/journal/request_hash.hpp"
#include "persistence/journal/sealed_row.hpp"
#include "persistence/journal/statements.hpp"

namespace zhiku::persistence {

std::vector<loaded>
journal_reader::load(const std::vector<std::string>& streams) {
  all_.clear();
  places_.clear();
  for (const auto& stream : streams) {
    places_.emplace(stream, all_.size());
    all_.emplace_back().stream = stream;
  }
  auto names = sql_array_of(streams);
  read_snapshots(names);
  read_events(names);
  read_quarantine(names);
  return std::move(all_);
}

void journal_reader::read_snapshots(const std::string& names) {
  soci::rowset<soci::row> rows =
    (sql_.prepare << journal_sql::load_snapshots.sql(), soci::use(names));
  for (const auto& row : rows) {
    auto& entity = all_[places_.at(row.get<std::string>(0))];
    entity.version = row.get<int>(1);
    entity.chain = from_hex(row.get<std::string>(2)).value_or("");
    entity.snapshot = stored_snapshot{
      json::parse(row.get<std::string>(3)),
      clear_of(sql_, vault_, text_or_empty(row, 5), text_or_empty(row, 4))};
  }
}

void journal_reader::read_events(const std::string& names) {
  soci::rowset<soci::row> rows =
    (sql_.prepare << journal_sql::load_events.sql(), soci::use(names));
  for (const auto& row : rows) {
    auto& entity = all_[places_.at(row.get<std::string>(0))];
    stored_event ev{row.get<int>(1),
                    from_micros(row.get<long long>(2)),
                    json::parse(row.get<std::string>(3)),
                    {}};
    ev.what.type = row.get<std::string>(4);
    ev.what.schema = row.get<int>(5);
    ev.what.data = json::parse(row.get<std::string>(6));
    ev.what.pii =
      clear_of(sql_, vault_, text_or_empty(row, 9), text_or_empty(row, 7));
    entity.version = ev.version;
    entity.chain = from_hex(row.get<std::string>(8)).value_or("");
    entity.events.push_back(std::move(ev));
  }
}

void journal_reader::read_quarantine(const std::string& names) {
  soci::rowset<soci::row> rows =
    (sql_.prepare << journal_sql::load_quarantined.sql(), soci::use(names));
  for (const auto& row : rows)
    all_[places_.at(row.get<std::string>(0))].quarantined = true;
}

result<std::optional<kept_outcome>>
journal_reader::find_outcome(const repeated_command& which) {
  std::string stream, request, reply, refused;
  soci::indicator is_refused = soci::i_null;
  sql_ << journal_sql::find_outcome.sql(), soci::use(which.id),
    soci::into(stream), soci::into(request), soci::into(reply),
    soci::into(refused, is_refused);
  if (!sql_.got_data())
    return std::optional<kept_outcome>{};
  if (stream != which.stream
      || !constant_time_equal(request, request_hash(vault_, which.request)))
    return errc::idempotency_key_reused;
  kept_outcome kept{json::parse(reply), std::nullopt};
  if (is_refused == soci::i_ok)
    kept.refused = domain::refusal_of(json::parse(refused));
  return std::optional{std::move(kept)};
}

bool journal_reader::holds(const std::string& stream, std::int32_t version,
                           const std::string& chain) {
  int count = 0;
  auto hex = to_hex(chain);
  sql_ << journal_sql::holds_event.sql(), soci::use(stream), soci::use(version),
    soci::use(hex), soci::into(count);
  return count > 0;
}

} // namespace zhiku::persistence
