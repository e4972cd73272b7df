#include "persistence/health.hpp"
#include "persistence/postgres_store.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace zhiku::persistence {
namespace {

using domain::effect;
using domain::seconds;

constexpr auto person = "01a20a00-0000-7000-8000-000000000001";

instant at(int second) {
  return instant{seconds{1'800'000'000 + second}};
}

append of(const std::string& stream, std::int32_t version = 0) {
  append what;
  what.stream = stream;
  what.expected_version = version;
  what.at = at(0);
  what.actor = {{"role", "SYSTEM"}};
  what.events.push_back({"happened", {{"n", 1}}, json::object(), 1});
  return what;
}

identified_effect wake(const std::string& id, instant due) {
  effect what;
  what.target = "exam_session/x";
  what.type = "deadline";
  what.due = due;
  return {id, what};
}

class postgres_store_test : public testing::Test {
protected:
  appended one(append what) {
    return store_->commit({std::move(what)}).front();
  }

  loaded load(const std::string& stream) {
    return store_->load({stream}).value().front();
  }

  std::vector<due_effect> claim(instant now, std::size_t limit = 100) {
    return store_->claim(lane::entity, now, now + seconds{30}, limit).value();
  }

  void execute(const std::string& statement) {
    database db{fresh_.dsn()};
    ASSERT_TRUE(db.run([&](soci::session& sql) { sql << statement; }).ok());
  }

  test::test_database fresh_;
  vault keys_{{{{"k1", std::string(32, 'a')}}, "k1", "lookup"}};
  std::unique_ptr<store> store_ = make_postgres_store(fresh_.dsn(), keys_);
};

TEST_F(postgres_store_test, gives_back_what_was_appended) {
  auto what = of("applicant/1");
  what.subject = person;
  what.events[0].pii = {{"name", "张三"}};
  what.events.push_back({"again", {{"k", "中文 \" \\ "}}, json::object(), 2});
  auto done = one(what);
  ASSERT_EQ(done.code, errc::none);
  EXPECT_EQ(done.version, 2);
  auto stored = load("applicant/1");
  EXPECT_EQ(stored.version, 2);
  EXPECT_EQ(stored.chain, done.chain);
  ASSERT_EQ(stored.events.size(), 2u);
  EXPECT_EQ(stored.events[0].what.pii, what.events[0].pii);
  EXPECT_EQ(stored.events[1].what.data, what.events[1].data);
  EXPECT_EQ(stored.events[1].what.schema, 2);
  EXPECT_EQ(stored.events[0].at, at(0));
}

TEST_F(postgres_store_test, personal_data_is_nowhere_in_clear) {
  auto what = of("applicant/1");
  what.subject = person;
  what.events[0].pii = {{"name", "SECRETNAME"}};
  what.snapshot = {{{"state", "x"}}, {{"name", "SECRETNAME"}}};
  auto notice = wake("e1", at(0));
  notice.what.pii = {{"name", "SECRETNAME"}};
  what.effects.push_back(notice);
  ASSERT_EQ(one(what).code, errc::none);
  database db{fresh_.dsn()};
  for (const std::string table : {"event", "effect", "snapshot"}) {
    int found = -1;
    ASSERT_TRUE(db.run([&](soci::session& sql) {
                    sql << "SELECT count(*) FROM " + table
                             + " AS t WHERE t::text LIKE '%SECRETNAME%'",
                      soci::into(found);
                  })
                  .ok());
    EXPECT_EQ(found, 0) << table;
  }
}

TEST_F(postgres_store_test, the_version_fence_lets_one_writer_win) {
  ASSERT_EQ(one(of("review_case/1")).code, errc::none);
  EXPECT_EQ(one(of("review_case/1")).code, errc::version_conflict);
  EXPECT_EQ(load("review_case/1").version, 1);
}

TEST_F(postgres_store_test, one_bad_append_hurts_nobody_else) {
  ASSERT_EQ(one(of("s/conflict")).code, errc::none);
  std::vector<append> batch;
  for (int i = 0; i < 20; ++i)
    batch.push_back(of("s/" + std::to_string(i)));
  batch[3] = of("s/conflict");
  batch[7].events[0].data = {{"text", std::string("nul\0", 4)}};
  batch[11].rows.push_back({"no_such_table", "k", {}, {}, {}});
  auto answers = store_->commit(batch);
  for (int i = 0; i < 20; ++i) {
    auto expected = i == 3    ? errc::version_conflict
                    : i == 7  ? errc::invalid_input
                    : i == 11 ? errc::internal
                              : errc::none;
    EXPECT_EQ(answers[static_cast<std::size_t>(i)].code, expected) << i;
    auto version = load("s/" + std::to_string(i)).version;
    EXPECT_EQ(version, expected == errc::none ? 1 : 0) << i;
  }
}

TEST_F(postgres_store_test, a_repeated_command_finds_its_first_outcome) {
  auto first = of("a/1");
  first.command_id = "key-1";
  first.request = "request-1";
  first.reply = {{"case_id", "c1"}};
  ASSERT_EQ(one(first).code, errc::none);
  auto second = of("a/1", 1);
  second.command_id = "key-1";
  second.request = "request-1";
  second.reply = {{"case_id", "c2"}};
  auto answer = one(second);
  EXPECT_EQ(answer.code, errc::duplicate_command);
  EXPECT_EQ(answer.first, (kept_outcome{first.reply, std::nullopt}));
  EXPECT_EQ(load("a/1").version, 1);
  auto kept = store_->find_outcome({"key-1", "a/1", "request-1"});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept.value()->reply, first.reply);
  EXPECT_FALSE(store_->find_outcome({"key-2", "a/1", ""}).value().has_value());
}

// Kept as an empty reply, a wrong code repeated would be a proof.
TEST_F(postgres_store_test, a_kept_refusal_stays_a_refusal) {
  auto missed = of("a/1");
  missed.command_id = "key-1";
  missed.request = "request-1";
  missed.refused = domain::refusal{
    errc::code_wrong, "还可尝试4次", {{"sms_code", "wrong", "不正确"}}};
  ASSERT_EQ(one(missed).code, errc::none);
  auto again = missed;
  again.expected_version = 1;
  auto answer = one(again);
  EXPECT_EQ(answer.code, errc::duplicate_command);
  EXPECT_EQ(answer.first.refused, missed.refused);
  auto kept = store_->find_outcome({"key-1", "a/1", "request-1"});
  ASSERT_TRUE(kept && *kept);
  EXPECT_EQ((*kept)->refused, missed.refused);
}

TEST_F(postgres_store_test, a_kept_outcome_is_only_for_its_own_request) {
  auto first = of("a/1");
  first.command_id = "key-1";
  first.request = "request-1";
  ASSERT_EQ(one(first).code, errc::none);
  auto other = of("a/1", 1);
  other.command_id = "key-1";
  other.request = "request-2";
  EXPECT_EQ(one(other).code, errc::idempotency_key_reused);
  auto elsewhere = of("b/1");
  elsewhere.command_id = "key-1";
  elsewhere.request = "request-1";
  EXPECT_EQ(one(elsewhere).code, errc::idempotency_key_reused);
  EXPECT_EQ(load("a/1").version, 1);
  EXPECT_EQ(load("b/1").version, 0);
  for (const auto& wrong : {repeated_command{"key-1", "a/1", "request-2"},
                            repeated_command{"key-1", "b/1", "request-1"},
                            repeated_command{"key-1", "a/1", ""}})
    EXPECT_EQ(store_->find_outcome(wrong).error().code,
              errc::idempotency_key_reused);
}

TEST_F(postgres_store_test, a_taken_phone_is_told_by_its_constraint) {
  auto person_row = [](const std::string& id) {
    return domain::row{"person",
                       id,
                       {{"identities", json::array()},
                        {"active_identity", nullptr},
                        {"reachable", true},
                        {"openid", nullptr},
                        {"created_at", "2026-11-23T08:00:00Z"}},
                       json::object(),
                       {{"phone_hash", "13800138000"}}};
  };
  auto mine = of("applicant/1");
  mine.rows.push_back(person_row("1"));
  ASSERT_EQ(one(mine).code, errc::none);
  auto theirs = of("applicant/2");
  theirs.rows.push_back(person_row("2"));
  EXPECT_EQ(one(theirs).code, errc::phone_in_use); // edge 46, 47
  EXPECT_EQ(load("applicant/2").version, 0);
}

TEST_F(postgres_store_test, loads_from_the_snapshot_on) {
  ASSERT_EQ(one(of("s/1")).code, errc::none);
  auto second = of("s/1", 1);
  second.previous_chain = load("s/1").chain;
  second.snapshot = {{{"n", 2}}, json::object()};
  auto done = one(second);
  auto third = of("s/1", 2);
  third.previous_chain = done.chain;
  ASSERT_EQ(one(third).code, errc::none);
  auto stored = load("s/1");
  ASSERT_TRUE(stored.snapshot.has_value());
  EXPECT_EQ(stored.snapshot->state, (json{{"n", 2}}));
  ASSERT_EQ(stored.events.size(), 1u);
  EXPECT_EQ(stored.events[0].version, 3);
  EXPECT_EQ(stored.version, 3);
}

TEST_F(postgres_store_test, a_wake_up_is_claimed_when_due_and_by_one_only) {
  auto what = of("s/1");
  what.effects.push_back(wake("e1", at(10)));
  ASSERT_EQ(one(what).code, errc::none);
  EXPECT_EQ(store_->next_due(lane::entity).value(), at(10));
  EXPECT_TRUE(claim(at(9)).empty());
  auto due = claim(at(10));
  ASSERT_EQ(due.size(), 1u);
  EXPECT_EQ(due[0].attempts, 1);
  EXPECT_EQ(due[0].what.due, at(10));
  EXPECT_TRUE(claim(at(11)).empty()) << "leased effect given out again";
  EXPECT_EQ(claim(at(41)).size(), 1u) << "lease did not end";
  EXPECT_FALSE(store_->next_due(lane::person).value().has_value());
}

TEST_F(postgres_store_test, a_delivered_effect_is_done_with_its_answer) {
  auto what = of("s/1");
  what.effects.push_back(wake("e1", at(0)));
  ASSERT_EQ(one(what).code, errc::none);
  auto answer = of("exam_session/x");
  answer.effect_id = "e1";
  ASSERT_EQ(one(answer).code, errc::none);
  EXPECT_TRUE(claim(at(100)).empty());
}

TEST_F(postgres_store_test, settlements_retry_and_park) {
  auto what = of("s/1");
  what.effects.push_back(wake("e1", at(0)));
  what.effects.push_back(wake("e2", at(0)));
  ASSERT_EQ(one(what).code, errc::none);
  ASSERT_EQ(claim(at(0)).size(), 2u);
  using verdict = settlement::verdict;
  ASSERT_TRUE(store_
                ->settle({{verdict::retry, "e1", at(5), "BUSY"},
                          {verdict::park, "e2", at(0), "INTERNAL"}})
                .ok());
  EXPECT_TRUE(claim(at(4)).empty());
  auto again = claim(at(5));
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].id, "e1");
  EXPECT_EQ(again[0].attempts, 2);
  health look{fresh_.dsn()};
  EXPECT_EQ(look.look(at(5), seconds{5}, seconds{5}).value().parked, 1);
}

TEST_F(postgres_store_test, an_unknown_outcome_is_told_by_the_chain) {
  auto done = one(of("s/1"));
  EXPECT_TRUE(store_->holds("s/1", 1, done.chain).value());
  EXPECT_FALSE(store_->holds("s/1", 1, std::string(32, 'x')).value());
  EXPECT_FALSE(store_->holds("s/1", 2, done.chain).value());
}

TEST_F(postgres_store_test, tampering_breaks_the_chain_and_erasure_does_not) {
  auto what = of("applicant/1");
  what.subject = person;
  what.events[0].pii = {{"name", "张三"}};
  auto done = one(what);
  auto next = of("applicant/1", 1);
  next.previous_chain = done.chain;
  ASSERT_EQ(one(next).code, errc::none);
  health look{fresh_.dsn()};
  execute("DELETE FROM person_key");
  EXPECT_TRUE(look.verify_chains().value().broken.empty());
  execute("UPDATE event SET data = '{\"n\": 2}' WHERE version = 1");
  auto report = look.verify_chains().value();
  EXPECT_EQ(report.events, 2);
  EXPECT_EQ(report.broken, std::vector<std::string>{"applicant/1:1"});
}

TEST_F(postgres_store_test, the_watchdog_sees_what_nobody_will_move) {
  auto lost = of("exam_session/lost");
  lost.now_stands = {"RUNNING", false, "APPLICANT"};
  auto timed = of("exam_session/x");
  timed.now_stands = {"RUNNING", false, "APPLICANT"};
  timed.effects.push_back(wake("e1", at(1000)));
  ASSERT_EQ(one(lost).code, errc::none);
  ASSERT_EQ(one(timed).code, errc::none);
  health look{fresh_.dsn()};
  auto found = look.look(at(60), seconds{5}, seconds{30}).value();
  EXPECT_EQ(found.stuck, std::vector<std::string>{"exam_session/lost"});
  auto told = look.why("exam_session/x").value();
  EXPECT_EQ(told.at("standing").at("state"), "RUNNING");
  EXPECT_EQ(told.at("on_its_way_here").size(), 1u);
}

TEST_F(postgres_store_test, an_entity_set_aside_says_so_when_loaded) {
  ASSERT_EQ(one(of("s/1")).code, errc::none);
  ASSERT_TRUE(store_->quarantine("s/1", "throws", at(5)).ok());
  EXPECT_TRUE(load("s/1").quarantined);
}

TEST_F(postgres_store_test, answers_unavailable_while_the_database_is_away) {
  auto away = make_postgres_store(
    "host=/nonexistent dbname=none connect_timeout=1", keys_);
  EXPECT_EQ(away->commit({of("s/1")}).front().code, errc::unavailable);
  EXPECT_FALSE(away->load({"s/1"}).ok());
}

} // namespace
} // namespace zhiku::persistence
