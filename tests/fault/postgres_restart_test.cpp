// PostgreSQL goes away under a running server and comes back: people see
// refusals that tell them to try again, and nothing else.

#include "persistence/migrations.hpp"
#include "tests/fault/checks.hpp"
#include "tests/fault/private_cluster.hpp"
#include "tests/fault/server.hpp"

#include <random>
#include <stdexcept>

#include <gtest/gtest.h>

namespace zhiku::fault {

namespace {

/// What happens to the database: pg_ctl's way of stopping it, and how long it
/// stays away besides.
struct outage {
  const char* mode;
  milliseconds away;
};

constexpr outage outages[] = {
  {"fast", milliseconds{0}},      {"immediate", milliseconds{0}},
  {"fast", milliseconds{3000}},   {"immediate", milliseconds{3000}},
  {"fast", milliseconds{0}},      {"immediate", milliseconds{0}},
  {"fast", milliseconds{12'000}},
};

std::vector<seconds> durations() {
  std::vector<seconds> list;
  for (int i = 0; i < 20; ++i) {
    list.push_back(seconds{4 + 2 * i});
    list.push_back(seconds{3600});
  }
  return list;
}

void migrate(const std::string& dsn) {
  persistence::database db{dsn};
  if (auto done = persistence::migrate(db); !done)
    throw std::runtime_error("cannot migrate: " + done.error().detail);
}

/// The experiment itself: how long the database lives, or is away.
void leave_it(milliseconds length) {
  std::this_thread::sleep_for(length);
}

TEST(PostgresRestart, CostsRefusalsAndNothingElse) {
  auto seed = chosen_seed();
  std::mt19937 source{seed};
  std::uniform_int_distribution<int> lifetime{700, 2500};
  private_cluster cluster;
  auto dsn = cluster.dsn();
  migrate(dsn);
  add_questions(dsn);
  std::vector<person> applicants;
  std::vector<sitting> sittings;
  {
    runtime inside{dsn};
    applicants = add_people(inside, dsn, 600);
    sittings = start_exams(inside, dsn, durations());
  }
  server shaken{dsn, "postgres_restart_test"};
  load writers{sittings, applicants, shaken.port(), hurt::database_away, seed};
  shaken.start();
  ASSERT_TRUE(shaken.wait_ready()) << "see " << shaken.log();
  writers.start();
  for (const auto& each : outages) {
    leave_it(milliseconds{lifetime(source)});
    cluster.stop(each.mode);
    leave_it(each.away);
    cluster.start();
  }
  ASSERT_TRUE(shaken.wait_ready()) << "see " << shaken.log();
  leave_it(milliseconds{lifetime(source)});
  writers.stop();

  EXPECT_TRUE(shaken.running()) << "it ended by itself: " << shaken.log();
  EXPECT_EQ(writers.faults(), std::vector<std::string>{});
  expect_busy(writers);
  expect_answers_shown(writers, shaken.port());
  expect_deadlines(dsn, closing_exams(writers));
  expect_answers_stored(dsn, writers);
  expect_applications(dsn, writers, shaken.port());
  expect_whole_journal(dsn);
}

} // namespace

} // namespace zhiku::fault
