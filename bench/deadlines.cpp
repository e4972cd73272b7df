// Many attempts that end at one instant: seconds from then until all are
// closed, graded and committed.

#include "bench/measurements.hpp"
#include "bench/process.hpp"
#include "bench/report.hpp"
#include "bench/roll_call.hpp"
#include "bench/sittings.hpp"
#include "tests/support/test_database.hpp"

#include <thread>

namespace zhiku::bench {

namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds patience{60};
constexpr milliseconds look_interval{20};

enum class entities { resident, cold };

/// Time to seed and, if wanted, to wake every entity before the instant.
seconds lead_for(std::size_t count) {
  return seconds{10 + static_cast<long>(count / 1000)};
}

bool all_closed(persistence::database& db) {
  int open = 1;
  auto looked = db.run([&](soci::session& sql) {
    sql << "SELECT CAST(EXISTS (SELECT FROM stream WHERE NOT final AND id LIKE"
           " 'exam_session/%') AS int)",
      soci::into(open);
  });
  return looked.ok() && open == 0;
}

std::size_t count_of(persistence::database& db, const std::string& query) {
  int count = 0;
  auto looked =
    db.run([&](soci::session& sql) { sql << query, soci::into(count); });
  if (!looked)
    throw cannot_measure("the outcome cannot be read");
  return static_cast<std::size_t>(count);
}

double seconds_until_closed(persistence::database& db, domain::instant since) {
  std::this_thread::sleep_until(since);
  while (!all_closed(db)) {
    if (machine_time() - since > patience)
      throw cannot_measure("some attempts stay open for a minute");
    std::this_thread::sleep_for(look_interval);
  }
  return std::chrono::duration<double>(machine_time() - since).count();
}

void measure(const std::string& dsn, std::size_t count, entities how,
             const std::string& name) {
  auto closes_at = machine_time() + lead_for(count);
  // Kept out of this process, which stands for a server that restarted.
  if (!run_apart("seeding", [&] { seed_sittings(dsn, count, closes_at); }))
    throw cannot_measure("nothing to close");
  persistence::database db{dsn};
  auto& system = start_runtime(dsn);
  if (how == entities::resident)
    roll_call(system, 0, count);
  if (machine_time() > closes_at - seconds{1})
    throw cannot_measure("this machine is too slow to be ready in time");
  auto took = seconds_until_closed(db, closes_at);
  auto closings =
    count_of(db, "SELECT count(*) FROM event WHERE type = 'attempt_closed'");
  auto graded =
    count_of(db, "SELECT count(*) FROM exam_session WHERE state = 'GRADED'"
                 " AND closed_by = 'SERVER'");
  report(name, took, "s",
         {{"attempts", count},
          {"graded", graded},
          {"closings", closings},
          {"goal", "<= 2"}});
  if (closings != count || graded != count)
    throw cannot_measure("not each attempt was closed exactly once");
}

} // namespace

bool measure_deadlines(const options& how) {
  auto measured = true;
  for (auto kind : {entities::resident, entities::cold}) {
    auto name = "deadlines_" + std::to_string(how.deadlines)
                + (kind == entities::cold ? "_cold" : "") + "_seconds";
    progress(name);
    test::test_database database;
    measured &= run_apart(
      name, [&] { measure(database.dsn(), how.deadlines, kind, name); });
  }
  return measured;
}

} // namespace zhiku::bench
