// The server dies twenty times at moments nobody chose, and loses nothing.

#include "tests/fault/checks.hpp"
#include "tests/fault/server.hpp"
#include "tests/support/test_database.hpp"

#include <random>

#include <gtest/gtest.h>

namespace zhiku::fault {

namespace {

constexpr int rounds = 20;

/// Half close while the server dies and rises, half outlast the test.
std::vector<seconds> durations() {
  std::vector<seconds> list;
  for (int i = 0; i < 24; ++i) {
    list.push_back(seconds{4 + 2 * i});
    list.push_back(seconds{3600});
  }
  return list;
}

std::vector<sitting> set_up(const std::string& dsn,
                            std::vector<person>& applicants) {
  add_questions(dsn);
  runtime inside{dsn};
  applicants = add_people(inside, dsn, 600);
  return start_exams(inside, dsn, durations());
}

/// The experiment itself: how long the server lives.
void live_for(milliseconds length) {
  std::this_thread::sleep_for(length);
}

TEST(Sigkill, LosesNothingDoublesNothingAndKeepsEveryDeadline) {
  auto seed = chosen_seed();
  std::mt19937 source{seed};
  std::uniform_int_distribution<int> lifetime{300, 1700};
  test::test_database database;
  auto dsn = database.dsn();
  std::vector<person> applicants;
  auto sittings = set_up(dsn, applicants);
  server victim{dsn, "sigkill_test"};
  load writers{sittings, applicants, victim.port(), hurt::server_dies, seed};
  victim.start();
  writers.start();
  for (int round = 0; round < rounds; ++round) {
    ASSERT_TRUE(victim.wait_ready()) << "see " << victim.log();
    live_for(milliseconds{lifetime(source)});
    ASSERT_TRUE(victim.running()) << "it ended by itself: " << victim.log();
    victim.kill_hard();
    victim.start();
  }
  ASSERT_TRUE(victim.wait_ready()) << "see " << victim.log();
  writers.stop();

  EXPECT_EQ(writers.faults(), std::vector<std::string>{});
  expect_busy(writers);
  expect_answers_shown(writers, victim.port());
  expect_deadlines(dsn, closing_exams(writers));
  expect_answers_stored(dsn, writers);
  expect_applications(dsn, writers, victim.port());
  expect_whole_journal(dsn);
}

} // namespace

} // namespace zhiku::fault
