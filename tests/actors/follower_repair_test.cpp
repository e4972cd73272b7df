// The nightly comparison with the platform's list, against a real sandbox and a
// real PostgreSQL.

#include "tests/actors/message_world.hpp"

#include "actors/follower_repair.hpp"
#include "actors/platform_client.hpp"
#include "persistence/queries/followers.hpp"

namespace zhiku::actors::test {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct followers : message_world {
  followers() : platform(account(), client_, tokens, ledger, fetchers) {
    // 04:00 Beijing.
    time->advance(hours{18});
  }

  std::unique_ptr<follower_repair> new_node(follower_repair::pages ask = {}) {
    if (!ask)
      ask = [this](const std::string& from) {
        return platform.followers(from);
      };
    return std::make_unique<follower_repair>(database.dsn(), std::move(ask),
                                             counts);
  }

  void pushed(const std::string& openid, bool following,
              seconds ago = hours{1}) {
    persistence::database db{database.dsn()};
    ASSERT_TRUE(db.transaction([&](soci::session& sql) {
      persistence::note_follower(sql, openid, following, time->now() - ago);
    }));
  }

  /// "true", "false", or "" when nothing is known.
  std::string standing(const std::string& openid) {
    return sql_text("SELECT CAST(following AS text) AS text FROM"
                    " wechat_follower WHERE openid = '"
                    + openid + "'");
  }

  std::string commands() {
    return sql_text("SELECT coalesce(string_agg(target || ' ' || type, ', '"
                    " ORDER BY target), '') AS text FROM effect"
                    " WHERE kind = 'command'");
  }

  void lose_unsubscribe(const std::string& openid) {
    post("/control/followers/" + openid + "/unsubscribe");
  }

  worker_pool fetchers{1, 10};
  platform_client platform;
};

TEST_F(followers, missed_news_are_repaired_page_by_page) {
  change_options({{"user_page", 2}});
  std::vector<std::string> stay;
  for (int i = 0; i < 5; ++i)
    stay.push_back(new_follower());
  pushed(stay[0], true);
  pushed(stay[1], false); // the subscribe after it was lost
  auto gone = new_follower();
  pushed(gone, true);
  lose_unsubscribe(gone);
  auto how = new_node()->run(time->now());
  EXPECT_EQ(how.failure, "");
  for (const auto& openid : stay)
    EXPECT_EQ(standing(openid), "true");
  EXPECT_EQ(standing(gone), "false");
  EXPECT_EQ(counts->followers_repaired.Value(), 5);
  EXPECT_EQ(get("/control/calls").at("calls").at("user_list"), 4);
}

// I-7
TEST_F(followers, persons_are_told_through_the_courier) {
  auto gone = new_person(), stays = new_person();
  lose_unsubscribe(gone.openid);
  EXPECT_EQ(new_node()->run(time->now()).failure, "");
  EXPECT_EQ(commands(), "applicant/" + gone.id + " unfollow");
  EXPECT_EQ(standing(gone.openid), "false");
  EXPECT_EQ(standing(stays.openid), "true");
}

TEST_F(followers, news_younger_than_the_listing_stand) {
  auto stays = new_follower(), gone = new_follower();
  pushed(stays, false, seconds{-5});
  pushed(gone, true, seconds{30}); // the platform's clock may be behind
  lose_unsubscribe(gone);
  EXPECT_EQ(new_node()->run(time->now()).failure, "");
  EXPECT_EQ(standing(stays), "false");
  EXPECT_EQ(standing(gone), "true");
}

TEST_F(followers, one_node_does_it_once_a_night) {
  auto first = new_node(), second = new_node();
  auto calls = [&] {
    return get("/control/calls").at("calls").value("user_list", 0);
  };
  auto next = first->run(time->now()).next;
  EXPECT_EQ(domain::to_beijing(next), "2026-11-26 03:00");
  EXPECT_LE(second->run(time->now()).next, time->now() + minutes{10});
  EXPECT_EQ(calls(), 1);
  time->advance(hours{2});
  second->run(time->now());
  EXPECT_EQ(calls(), 1);
  time->advance(next - time->now());
  second->run(time->now());
  first->run(time->now());
  EXPECT_EQ(calls(), 2);
}

TEST_F(followers, a_failure_changes_nothing_and_is_tried_again) {
  change_options({{"user_page", 1}});
  auto unknown = new_follower(), gone = new_follower();
  new_follower();
  pushed(gone, true);
  lose_unsubscribe(gone);
  order_fault({{"api", "user_list"}, {"http_status", 503}, {"after", 1}});
  auto node = new_node(), other = new_node();
  auto how = node->run(time->now());
  EXPECT_NE(how.failure, "");
  EXPECT_EQ(how.next, time->now() + hours{1});
  EXPECT_EQ(standing(unknown), "");
  EXPECT_EQ(standing(gone), "true");
  end_faults();
  time->advance(hours{1} - seconds{1});
  other->run(time->now());
  EXPECT_EQ(standing(gone), "true");
  time->advance(seconds{1});
  EXPECT_EQ(other->run(time->now()).failure, "");
  EXPECT_EQ(standing(gone), "false");
}

TEST_F(followers, a_list_that_is_not_whole_is_not_believed) {
  auto whom = new_person();
  pushed("o-known", true);
  using page = wechat::follower_page;
  const std::vector<std::pair<const char*, page>> lists = {
    {"nobody", {0, {}, {}}},
    {"fewer", {3, {whom.openid, "o-1"}, {}}},
    {"more", {1, {whom.openid, "o-1"}, {}}},
    {"the same again and again", {3, {whom.openid, "o-1"}, "o-1"}},
  };
  for (const auto& [what, list] : lists) {
    SCOPED_TRACE(what);
    time->advance(hours{1});
    auto node = new_node([&list = list](const std::string&) {
      return wechat::result<page>{list};
    });
    EXPECT_NE(node->run(time->now()).failure, "");
    EXPECT_EQ(standing("o-known"), "true");
    EXPECT_EQ(standing(whom.openid), "");
  }
  EXPECT_EQ(commands(), "");
}

TEST_F(followers, nobody_listed_and_nobody_known_is_well) {
  EXPECT_EQ(new_node()->run(time->now()).failure, "");
}

TEST_F(followers, a_stop_ends_it_between_pages) {
  int asked = 0;
  std::unique_ptr<follower_repair> node;
  node = new_node([&](const std::string&) {
    node->stop();
    auto openid = "o-" + std::to_string(++asked);
    return wechat::result<wechat::follower_page>{{9, {openid}, openid}};
  });
  EXPECT_NE(node->run(time->now()).failure, "");
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(standing("o-1"), "");
}

} // namespace zhiku::actors::test
