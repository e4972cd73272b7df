#include "persistence/health.hpp"

#include "base/encoding.hpp"
#include "persistence/store.hpp"

#include <soci/soci.h>

namespace zhiku::persistence {

using domain::instant;
using domain::json;
using domain::result;
using domain::seconds;

namespace {

constexpr auto stuck_statement =
  "SELECT s.id FROM stream s WHERE NOT s.final AND s.quarantined_at IS NULL"
  " AND s.changed_at < CAST(:c AS timestamptz)"
  " AND (s.id LIKE 'exam_session/%'"
  "      OR (s.id LIKE 'review_case/%' AND s.waits_for = 'NOBODY'))"
  " AND NOT EXISTS (SELECT 1 FROM effect e WHERE e.state = 'PENDING'"
  "                 AND e.target = s.id)"
  " ORDER BY s.changed_at LIMIT 100";

std::vector<std::string> texts(soci::rowset<soci::row>& rows) {
  std::vector<std::string> all;
  for (const auto& row : rows)
    all.push_back(row.get<std::string>(0));
  return all;
}

json parsed(const std::string& text) {
  return text.empty() ? json() : json::parse(text, nullptr, false);
}

// One statement, so that PostgreSQL makes the JSON.
constexpr auto why_statement =
  "SELECT CAST(json_build_object("
  "'standing', (SELECT row_to_json(s) FROM stream s WHERE s.id = :a),"
  "'events', (SELECT count(*) FROM event e WHERE e.stream = :b),"
  "'latest', (SELECT json_build_object('version', version, 'type', type,"
  "   'at', at) FROM event WHERE stream = :c ORDER BY version DESC LIMIT 1),"
  "'on_its_way_here', (SELECT coalesce(json_agg(json_build_object("
  "   'id', id, 'type', type, 'due_at', due_at, 'next_at', next_at,"
  "   'attempts', attempts, 'state', state, 'failure', failure)"
  "   ORDER BY due_at), '[]') FROM effect WHERE target = :d"
  "   AND state <> 'DONE'),"
  "'on_its_way_from_here', (SELECT coalesce(json_agg(json_build_object("
  "   'id', id, 'kind', kind, 'type', type, 'due_at', due_at,"
  "   'attempts', attempts, 'state', state, 'failure', failure)"
  "   ORDER BY due_at), '[]') FROM effect WHERE stream = :e"
  "   AND state <> 'DONE'),"
  "'messages', (SELECT coalesce(json_agg(json_build_object("
  "   'id', e.id, 'event', e.type, 'due_at', e.due_at, 'next_at', e.next_at,"
  "   'state', e.state, 'failure', e.failure, 'attempts',"
  "   (SELECT coalesce(json_agg(json_build_object('route', d.route,"
  "      'number', d.number, 'stage', d.stage, 'tries', d.tries,"
  "      'next_at', d.next_at, 'detail', d.detail) ORDER BY d.first_at), '[]')"
  "    FROM delivery d WHERE d.notification_id = e.id)) ORDER BY e.due_at),"
  "   '[]') FROM (SELECT * FROM effect WHERE id IN (SELECT id FROM"
  "     notification WHERE applicant_id = :f UNION SELECT id FROM effect"
  "     WHERE target = :g AND state = 'PENDING' AND kind = 'notify')"
  "   ORDER BY due_at DESC LIMIT 50) e)) AS text)";

} // namespace

health::health(std::string dsn) : db_(std::move(dsn)) {
  // nop
}

result<instant> health::clock() {
  return db_.clock();
}

result<findings> health::look(instant now, seconds overdue_after,
                              seconds stuck_after) {
  findings found;
  auto outcome = db_.run([&](soci::session& sql) {
    found = {};
    auto late = to_sql(now - overdue_after);
    auto since = to_sql(now - stuck_after);
    long long overdue = 0;
    long long parked = 0;
    long long aside = 0;
    sql << "SELECT (SELECT count(*) FROM effect WHERE state = 'PENDING' AND"
           " next_at < CAST(:l AS timestamptz)),"
           " (SELECT count(*) FROM effect WHERE state = 'PARKED'),"
           " (SELECT count(*) FROM stream WHERE quarantined_at IS NOT NULL)",
      soci::use(late), soci::into(overdue), soci::into(parked),
      soci::into(aside);
    soci::rowset<soci::row> rows =
      (sql.prepare << stuck_statement, soci::use(since));
    found.overdue = overdue;
    found.parked = parked;
    found.set_aside = aside;
    found.stuck = texts(rows);
  });
  if (!outcome)
    return outcome.error();
  return found;
}

result<json> health::why(const std::string& stream) {
  std::string text;
  auto outcome = db_.run([&](soci::session& sql) {
    // People are told by their id, not by their stream.
    std::string person{domain::kind_of(stream) == "applicant"
                         ? domain::id_of(stream)
                         : std::string_view{}};
    sql << why_statement, soci::use(stream), soci::use(stream),
      soci::use(stream), soci::use(stream), soci::use(stream),
      soci::use(person), soci::use(person), soci::into(text);
  });
  if (!outcome)
    return outcome.error();
  return parsed(text);
}

result<domain::nothing> health::forget_old(instant now) {
  auto day = to_sql(now - std::chrono::days{1});
  auto week = to_sql(now - std::chrono::days{7});
  auto month = to_sql(now - std::chrono::days{30});
  return db_.run([&](soci::session& sql) {
    sql << "DELETE FROM oauth_state WHERE expires_at < CAST(:t AS timestamptz)",
      soci::use(day);
    sql
      << "DELETE FROM login_ticket WHERE expires_at < CAST(:t AS timestamptz)",
      soci::use(day);
    sql
      << "DELETE FROM wechat_push WHERE received_at < CAST(:t AS timestamptz)",
      soci::use(week);
    sql << "DELETE FROM receipt WHERE at < CAST(:t AS timestamptz)",
      soci::use(month);
    sql << "DELETE FROM session WHERE expires_at < CAST(:t AS timestamptz)",
      soci::use(month);
  });
}

result<health::chain_report> health::verify_chains() {
  chain_report report;
  auto outcome = db_.run([&](soci::session& sql) {
    report = {};
    std::string stream;
    std::string chain;
    soci::rowset<soci::row> rows =
      (sql.prepare
       << "SELECT stream, version, CAST(extract(epoch FROM at) * 1000000 AS"
          " bigint), CAST(actor AS text), type, CAST(schema AS int),"
          " CAST(data AS text), coalesce(sealed, ''), encode(chain, 'hex')"
          " FROM event ORDER BY stream, version");
    for (const auto& row : rows) {
      if (row.get<std::string>(0) != stream)
        chain.clear();
      stream = row.get<std::string>(0);
      domain::event ev;
      ev.type = row.get<std::string>(4);
      ev.schema = row.get<int>(5);
      ev.data = json::parse(row.get<std::string>(6));
      auto version = row.get<int>(1);
      instant at{domain::microseconds{row.get<long long>(2)}};
      auto expected = next_chain(chain, stream, version, at,
                                 json::parse(row.get<std::string>(3)), ev,
                                 row.get<std::string>(7));
      chain = from_hex(row.get<std::string>(8)).value_or("");
      ++report.events;
      if (expected != chain && report.broken.size() < 100)
        report.broken.push_back(stream + ':' + std::to_string(version));
    }
  });
  if (!outcome)
    return outcome.error();
  return report;
}

} // namespace zhiku::persistence
