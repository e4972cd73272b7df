// Two runtimes wrongly own the same entities: the version fence lets one win
// each version, the other loads anew, and nothing is lost or doubled.

#include "base/random.hpp"
#include "tests/fault/checks.hpp"
#include "tests/support/test_database.hpp"

#include <algorithm>

#include <gtest/gtest.h>

namespace zhiku::fault {

namespace {

using actors::order;
using actors::outcome;
using domain::errc;

class two_owners : public testing::Test {
protected:
  two_owners() {
    add_questions(dsn);
  }

  test::test_database database;
  const std::string dsn = database.dsn();
  runtime first{dsn};
  runtime second{dsn};
};

order answer_to(const sitting& where, const saved_answer& what) {
  const auto& question = where.questions[static_cast<std::size_t>(what.n - 1)];
  return {where.stream(),
          {"answer",
           {{"n", what.n},
            {"choice", {what.mask == 1 ? question.right : question.wrong}},
            {"seq", what.seq},
            {"writer", where.writer}}},
          applicant_actor(where.who.id),
          {}};
}

/// Each question is written by one owner only, so that every acknowledged
/// answer must be an event of its own.
std::vector<saved_answer> script(int first_question, int last_question,
                                 std::int64_t rounds) {
  std::vector<saved_answer> list;
  for (std::int64_t seq = 1; seq <= rounds; ++seq)
    for (int n = first_question; n <= last_question; ++n)
      list.push_back({n, seq, static_cast<int>(1 + (seq + n) % 2)});
  return list;
}

/// One after the other, each again until the fence lets it through.
void write_all(runtime& owner, const sitting& where,
               const std::vector<saved_answer>& answers) {
  for (const auto& what : answers) {
    outcome seen;
    auto saved = wait_until(
      [&] {
        seen = owner.one(answer_to(where, what));
        return seen.code != errc::busy;
      },
      milliseconds{30'000});
    ASSERT_TRUE(saved && seen.ok()) << domain::code(seen.code);
  }
}

TEST_F(two_owners, AnswersFromBothAreAllStoredOnce) {
  auto where = start_exams(first, dsn, {seconds{3600}}).front();
  auto ours = script(1, 4, 40);
  auto theirs = script(5, 8, 40);
  std::thread other{[&] { write_all(second, where, theirs); }};
  write_all(first, where, ours);
  other.join();

  auto stored = stored_answers(dsn, where.stream());
  std::sort(stored.begin(), stored.end());
  auto expected = ours;
  expected.insert(expected.end(), theirs.begin(), theirs.end());
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(stored, expected);
  expect_whole_journal(dsn);
}

TEST_F(two_owners, AnOlderAnswerNeverOverwritesANewerOne) {
  auto where = start_exams(first, dsn, {seconds{3600}}).front();
  write_all(first, where, {{1, 1, 1}});
  write_all(second, where, {{1, 5, 2}});
  write_all(first, where, {{1, 3, 1}, {1, 7, 1}});
  write_all(second, where, {{1, 6, 2}});

  std::vector<saved_answer> expected{{1, 1, 1}, {1, 5, 2}, {1, 7, 1}};
  EXPECT_EQ(stored_answers(dsn, where.stream()), expected);
}

/// Both runtimes hold the case as SUBMITTED before they are asked.
void let_both_own(runtime& first, runtime& second, const std::string& stream,
                  const person& who) {
  order view{stream, {"view"}, applicant_actor(who.id), {}};
  EXPECT_TRUE(first.one(view).ok());
  EXPECT_TRUE(second.one(view).ok());
}

/// Edge 1, across two owners.
TEST_F(two_owners, OneOfWithdrawAndAcceptWins) {
  auto people = add_people(first, dsn, 30);
  auto cases = open_cases(first, people);
  std::vector<order> withdrawals, acceptances;
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto stream = "review_case/" + cases[i];
    let_both_own(first, second, stream, people[i]);
    withdrawals.push_back(
      {stream, {"withdraw"}, applicant_actor(people[i].id), new_uuid()});
    acceptances.push_back(
      {stream, {"accept"}, staff_actor("ACCEPTOR"), new_uuid()});
  }
  std::vector<outcome> withdrawn, accepted;
  std::thread other{[&] { accepted = second.all(std::move(acceptances)); }};
  withdrawn = first.all(std::move(withdrawals));
  other.join();

  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto stream = "review_case/" + cases[i];
    SCOPED_TRACE(stream);
    ASSERT_NE(withdrawn[i].ok(), accepted[i].ok());
    EXPECT_EQ(withdrawn[i].ok() ? accepted[i].code : withdrawn[i].code,
              withdrawn[i].ok() ? errc::already_withdrawn
                                : errc::already_accepted);
    EXPECT_EQ(count_events(dsn, stream, "case_withdrawn"),
              withdrawn[i].ok() ? 1 : 0);
    EXPECT_EQ(count_events(dsn, stream, "case_accepted"),
              accepted[i].ok() ? 1 : 0);
  }
  expect_whole_journal(dsn);
}

/// Two clocks look for what is due; each deadline is acted on once.
TEST_F(two_owners, ADeadlineFiresOnce) {
  auto sittings = start_exams(first, dsn, std::vector(20, seconds{1}));
  std::vector<exam_record> closing;
  for (const auto& where : sittings)
    closing.push_back({&where, {}, {}, false});
  expect_deadlines(dsn, closing);
  expect_whole_journal(dsn);
}

} // namespace

} // namespace zhiku::fault
