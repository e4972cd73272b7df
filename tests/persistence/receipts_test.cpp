#include "persistence/queries/receipts.hpp"

#include "persistence/notices.hpp"
#include "persistence/queries/rows.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace zhiku::persistence {
namespace {

using domain::instant;
using domain::seconds;
using domain::notice::route;
using domain::notice::stage;

instant at(seconds after) {
  return instant{seconds{1'800'000'000}} + after;
}

/// Receipts of subscription notices, which tell no id when they are sent.
class receipts_test : public testing::Test {
protected:
  receipts_test() {
    bind("p", "o");
    bind("q", "other");
  }

  void in_transaction(const std::function<void(soci::session&)>& work) {
    ASSERT_TRUE(db_.transaction(work));
  }

  void bind(const std::string& person, const std::string& openid) {
    in_transaction([&](soci::session& sql) {
      run_statement(
        sql,
        "INSERT INTO person (id, identities, phone_hash, reachable, openid,"
        " created_at) VALUES (:id, '[]', :hash, true, :openid, now())",
        person, person, openid);
    });
  }

  /// A notice sent by template "t", as an accepted call leaves it.
  void sent(const std::string& id, seconds when,
            const std::string& person = "p", const std::string& by = "t") {
    begun(id, when, person, by);
    concluded(id, stage::sent, when);
  }

  void begun(const std::string& id, seconds when,
             const std::string& person = "p", const std::string& by = "t") {
    ASSERT_TRUE(file_.open({id, person, "CASE_SUBMITTED", {}, at(when), "", ""},
                           at(when)));
    ASSERT_TRUE(*file_.begin(key(id), at(when), by));
  }

  void concluded(const std::string& id, stage how, seconds when) {
    attempt_outcome came;
    came.at = how;
    came.next_at = at(when);
    ASSERT_TRUE(file_.conclude(key(id), came, at(when)));
  }

  void reported(const std::string& msgid, bool delivered, seconds when,
                const std::string& openid = "o") {
    receipt news;
    news.via = route::subscription;
    news.platform_id = msgid;
    news.delivered = delivered;
    news.detail = delivered ? "success" : "failed:1 no";
    news.at = at(when);
    news.openid = openid;
    news.template_id = "t";
    in_transaction([&](soci::session& sql) { note_receipts(sql, {news}); });
  }

  /// "DELIVERED 11".
  std::string standing(const std::string& id) {
    std::string text;
    in_transaction([&](soci::session& sql) {
      text = select_row(sql,
                        "SELECT stage || coalesce(' ' || platform_id, '')"
                        " AS line FROM delivery WHERE notification_id = :id",
                        id)
               .at("line");
    });
    return text;
  }

private:
  static attempt_key key(const std::string& id) {
    return {id, route::subscription, 1, 0};
  }

  test::test_database fresh_;
  vault keys_{{{{"k1", std::string(32, 'a')}}, "k1", "lookup"}};
  database db_{fresh_.dsn()};
  notices file_{fresh_.dsn(), keys_};
};

TEST_F(receipts_test, the_oldest_open_notice_is_meant) {
  sent("younger", seconds{20});
  sent("older", seconds{10});
  reported("11", true, seconds{30});
  EXPECT_EQ(standing("older"), "DELIVERED 11");
  EXPECT_EQ(standing("younger"), "SENT");
  reported("12", false, seconds{31});
  EXPECT_EQ(standing("younger"), "FAILED 12");
}

TEST_F(receipts_test, a_repeat_changes_nothing) {
  sent("a", seconds{10});
  sent("b", seconds{20});
  reported("11", true, seconds{30});
  reported("11", true, seconds{30});
  EXPECT_EQ(standing("a"), "DELIVERED 11");
  EXPECT_EQ(standing("b"), "SENT");
}

TEST_F(receipts_test, what_found_nothing_finds_nothing_later) {
  reported("11", true, seconds{10});
  sent("a", seconds{11});
  reported("11", true, seconds{10});
  EXPECT_EQ(standing("a"), "SENT");
}

TEST_F(receipts_test, notices_of_others_are_left_alone) {
  sent("other-person", seconds{10}, "q");
  sent("other-template", seconds{10}, "p", "t2");
  reported("11", true, seconds{30});
  reported("12", true, seconds{30}, "nobody");
  EXPECT_EQ(standing("other-person"), "SENT");
  EXPECT_EQ(standing("other-template"), "SENT");
}

TEST_F(receipts_test, of_a_quarter_of_an_hour_and_not_of_the_future) {
  sent("old", seconds{0});
  sent("young", seconds{1500});
  reported("11", true, seconds{901});
  EXPECT_EQ(standing("old"), "SENT");
  EXPECT_EQ(standing("young"), "SENT");
  reported("12", true, seconds{1501});
  EXPECT_EQ(standing("young"), "DELIVERED 12");
}

TEST_F(receipts_test, what_surely_went_out_is_meant_first) {
  begun("doubtful", seconds{10});
  concluded("doubtful", stage::unknown, seconds{11});
  sent("sent", seconds{20});
  reported("11", true, seconds{30});
  EXPECT_EQ(standing("sent"), "DELIVERED 11");
  EXPECT_EQ(standing("doubtful"), "UNKNOWN");
}

TEST_F(receipts_test, what_failed_is_not_meant) {
  begun("a", seconds{10});
  concluded("a", stage::failed, seconds{11});
  reported("11", true, seconds{12});
  EXPECT_EQ(standing("a"), "FAILED");
}

TEST_F(receipts_test, a_delivery_is_never_taken_back) {
  sent("a", seconds{10});
  reported("11", false, seconds{20});
  EXPECT_EQ(standing("a"), "FAILED 11");
  reported("11", true, seconds{21});
  EXPECT_EQ(standing("a"), "DELIVERED 11");
  reported("11", false, seconds{22});
  EXPECT_EQ(standing("a"), "DELIVERED 11");
}

TEST_F(receipts_test, may_come_before_the_answer) {
  begun("a", seconds{10});
  reported("11", true, seconds{11});
  concluded("a", stage::sent, seconds{12});
  EXPECT_EQ(standing("a"), "DELIVERED 11");
}

TEST_F(receipts_test, tell_what_became_of_an_answer_that_was_lost) {
  begun("a", seconds{10});
  concluded("a", stage::unknown, seconds{18});
  reported("11", true, seconds{19});
  EXPECT_EQ(standing("a"), "DELIVERED 11");
}

} // namespace
} // namespace zhiku::persistence
