#include "persistence/queries/followers.hpp"

#include "persistence/queries/rows.hpp"
#include "persistence/queries/upkeep.hpp"
#include "tests/support/test_database.hpp"

#include <gtest/gtest.h>

namespace zhiku::persistence {
namespace {

using domain::instant;
using domain::json;
using domain::seconds;
using names = std::vector<std::string>;

instant at(int second) {
  return instant{seconds{1'800'000'000 + second}};
}

class followers_test : public testing::Test {
protected:
  void in_transaction(const std::function<void(soci::session&)>& work) {
    ASSERT_TRUE(db_.transaction(work));
  }

  void bind(const std::string& openid, bool reachable) {
    in_transaction([&](soci::session& sql) {
      run_statement(
        sql,
        "INSERT INTO person (id, identities, phone_hash, reachable, openid,"
        " created_at) VALUES ('p-' || CAST(:a AS text), '[]', CAST(:b AS text),"
        " CAST(:reachable AS boolean), CAST(:c AS text), now())",
        openid, openid, std::string{reachable ? "true" : "false"}, openid);
    });
  }

  void told(const std::string& openid, bool following, instant when) {
    in_transaction([&](soci::session& sql) {
      note_following(sql, "push-" + openid, openid, following, when);
    });
  }

  std::size_t listed(const names& openids, bool following, instant when) {
    std::size_t noted = 0;
    in_transaction([&](soci::session& sql) {
      noted = note_followings(sql, openids, following, when);
    });
    return noted;
  }

  names believed(instant before, std::size_t most = 100,
                 const std::string& after = {}) {
    names all;
    in_transaction([&](soci::session& sql) {
      all = believed_followers(sql, after, before, most);
    });
    return all;
  }

  /// "a true", … by openid.
  names standing() {
    return lines("SELECT openid || ' ' || following AS line"
                 " FROM wechat_follower ORDER BY openid");
  }

  names commands() {
    return lines("SELECT target || ' ' || type AS line FROM effect"
                 " WHERE lane = 'ENTITY' AND kind = 'command' ORDER BY target");
  }

  bool take(instant due, instant now) {
    bool taken = false;
    in_transaction([&](soci::session& sql) {
      taken = take_on(sql, "FOLLOWERS", due, seconds{3600}, now);
    });
    return taken;
  }

  void done(instant when) {
    in_transaction(
      [&](soci::session& sql) { note_done(sql, "FOLLOWERS", when); });
  }

private:
  names lines(const std::string& query) {
    names all;
    in_transaction([&](soci::session& sql) {
      for (const auto& row : select_rows(sql, query))
        all.push_back(row.at("line"));
    });
    return all;
  }

  test::test_database fresh_;
  database db_{fresh_.dsn()};
};

TEST_F(followers_test, a_bound_person_is_told_of_a_push) {
  bind("a", true);
  told("a", false, at(1));
  told("b", false, at(1));
  EXPECT_EQ(standing(), (names{"a false", "b false"}));
  EXPECT_EQ(commands(), (names{"applicant/p-a unfollow"}));
}

TEST_F(followers_test, late_news_change_nothing) {
  told("a", false, at(2));
  told("a", true, at(1));
  EXPECT_EQ(standing(), (names{"a false"}));
}

TEST_F(followers_test, of_many_those_misjudged_are_noted_and_told) {
  told("known", true, at(1));
  told("gone", false, at(1));
  bind("unreachable", false);
  bind("reachable", true);
  told("reachable", true, at(1));
  EXPECT_EQ(
    listed({"known", "gone", "new", "unreachable", "reachable"}, true, at(2)),
    3u);
  EXPECT_EQ(standing(), (names{"gone true", "known true", "new true",
                               "reachable true", "unreachable true"}));
  EXPECT_EQ(commands(), (names{"applicant/p-reachable follow",
                               "applicant/p-unreachable follow"}));
}

TEST_F(followers_test, news_of_the_listing_and_later_stand) {
  told("then", false, at(2));
  told("later", false, at(3));
  bind("then", false);
  EXPECT_EQ(listed({"then", "later"}, true, at(2)), 0u);
  EXPECT_EQ(standing(), (names{"later false", "then false"}));
  EXPECT_TRUE(commands().empty());
}

TEST_F(followers_test, who_is_gone_is_told_once) {
  bind("a", true);
  EXPECT_EQ(listed({"a"}, false, at(2)), 1u);
  EXPECT_EQ(listed({"a"}, false, at(2)), 0u);
  EXPECT_EQ(commands(), (names{"applicant/p-a unfollow"}));
}

TEST_F(followers_test, are_believed_by_their_row_or_by_their_person) {
  told("a", true, at(1));
  told("b", false, at(1));
  told("c", true, at(5)); // of the listing's own time
  bind("c", true);
  bind("d", true);
  bind("e", false);
  EXPECT_EQ(believed(at(5)), (names{"a", "d"}));
  EXPECT_EQ(believed(at(5), 1), (names{"a"}));
  EXPECT_EQ(believed(at(5), 1, "a"), (names{"d"}));
}

TEST_F(followers_test, the_nights_work_is_one_nodes) {
  EXPECT_TRUE(take(at(0), at(10)));
  EXPECT_FALSE(take(at(0), at(20))) << "another is at it";
  EXPECT_TRUE(take(at(0), at(10 + 3600))) << "it failed";
  done(at(10 + 3600));
  EXPECT_FALSE(take(at(0), at(10 + 7200)));
  EXPECT_TRUE(take(at(86'400), at(86'400))) << "the next night";
}

} // namespace
} // namespace zhiku::persistence
