// How messages find people when the platform, the carriers or we ourselves
// fail. Each runs against a real sandbox and a real PostgreSQL.

#include "tests/actors/message_world.hpp"

#include "actors/notice_message.hpp"
#include "persistence/queries/notifications.hpp"
#include "persistence/queries/receipts.hpp"
#include "wechat/errcode.hpp"

#include <set>
#include <thread>

namespace zhiku::actors::test {

// GoogleTest compares and prints these.
using way = std::vector<std::string>;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

struct messages : message_world {
  void told_by_platform(const std::string& notification,
                        const std::string& status) {
    auto news = receipt_of(status);
    news.platform_id =
      sql_text("SELECT platform_id AS text FROM delivery WHERE route ="
               " 'TEMPLATE' AND notification_id = '"
               + notification + "' ORDER BY number DESC LIMIT 1");
    take(news);
  }

  void told_by_carrier(const std::string& notification, bool delivered) {
    persistence::receipt news;
    news.via = domain::notice::route::sms;
    news.delivered = delivered;
    news.detail = delivered ? "DELIVRD" : "MK:0001";
    news.at = time->now();
    news.platform_id =
      sql_text("SELECT platform_id AS text FROM delivery WHERE route = 'SMS'"
               " AND notification_id = '"
               + notification + "' ORDER BY number DESC LIMIT 1");
    take(news);
  }

  /// As subscribe_msg_sent_event tells it.
  void told_of_notice(const recipient& whom, const std::string& msgid,
                      const std::string& status) {
    auto news = receipt_of(status);
    news.via = domain::notice::route::subscription;
    news.platform_id = msgid;
    news.openid = whom.openid;
    news.template_id = notice_template;
    take(news);
  }

  /// The msgids of the notices that reached the person, in order.
  std::vector<std::string> notices_of(const recipient& whom) {
    std::vector<std::string> ids;
    for (const auto& line : chat_of(whom.openid))
      if (line.at("kind") == "notice")
        ids.push_back(std::to_string(line.at("msgid").get<std::int64_t>()));
    return ids;
  }

  /// From now on CASE_SUBMITTED goes by template and then by notice.
  void offer_notices() {
    auto own = std::make_shared<notice_rules>(*rules);
    own->subscriptions["CASE_SUBMITTED"] = notice_template;
    rules = own;
    desk = new_desk();
  }

  void consent(const recipient& whom) {
    persistence::database db{database.dsn()};
    ASSERT_TRUE(db.transaction([&](soci::session& sql) {
      persistence::note_consent(sql, whom.openid, notice_template, true,
                                time->now());
    }));
    post("/control/followers/" + whom.openid + "/consent",
         {{"template_id", notice_template}, {"accept", true}});
  }

  static constexpr auto notice_template = "sandbox-notice";

private:
  persistence::receipt receipt_of(const std::string& status) {
    persistence::receipt news;
    auto advice = wechat::advice_for_report(status);
    news.delivered = status == "success";
    news.renew = advice.retry == wechat::retry_class::backoff;
    news.refused = advice.mark == wechat::person_mark::refused_template;
    news.detail = status;
    news.at = time->now();
    return news;
  }

  void take(const persistence::receipt& news) {
    persistence::database db{database.dsn()};
    ASSERT_TRUE(db.transaction(
      [&](soci::session& sql) { persistence::note_receipts(sql, {news}); }));
  }
};

TEST_F(messages, shipped_fields_fit_their_types) {
  EXPECT_TRUE(unfit_fields(rules->kinds).empty());
}

TEST_F(messages, every_row_of_rules_2_11_reaches_a_follower) {
  auto whom = new_person();
  for (const auto& kind : rules->kinds.all())
    notify(whom, kind.event);
  run(minutes{30});
  EXPECT_EQ(messages_of(whom).size(), rules->kinds.all().size());
  std::size_t by_sms = 0;
  for (const auto& kind : rules->kinds.all())
    by_sms += kind.sms == domain::notice::sms_rule::also;
  EXPECT_EQ(sms_to(whom), by_sms);
}

TEST_F(messages, no_score_and_no_name_in_what_goes_out) {
  auto whom = new_person();
  notify(whom, "EXAM_SCORE");
  run(seconds{1});
  auto card = chat_of(whom.openid).back();
  EXPECT_EQ(card.at("fields").size(), 4u);
  EXPECT_EQ(card.dump().find("score"), std::string::npos);
}

TEST_F(messages, edge_17_who_does_not_follow_gets_sms) {
  auto whom = new_person();
  post("/control/followers/" + whom.openid + "/unsubscribe");
  auto id = notify(whom, "CASE_RETURNED");
  run(minutes{1});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 FAILED", "SMS/1 SENT"}));
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told.front().what.type, "unfollow");
}

TEST_F(messages, edge_18_a_refused_template_is_not_tried_again) {
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"errcode", 43101}});
  auto first = notify(whom, "CASE_RETURNED");
  run(minutes{1});
  EXPECT_EQ(way_of(first), (way{"TEMPLATE/1 FAILED", "SMS/1 SENT"}));
  auto second = notify(whom, "CASE_RETURNED");
  auto other = notify(whom, "APPOINTED");
  run(minutes{1});
  EXPECT_EQ(way_of(second), (way{"SMS/1 SENT"}));
  EXPECT_EQ(way_of(other).front(), "TEMPLATE/1 SENT");
}

// --- tokens ------------------------------------------------------------------

TEST_F(messages, a_revoked_token_costs_one_refresh_for_a_hundred_sends) {
  auto whom = new_person();
  auto shared = new_keeper();
  wechat::api first{account(), client_};
  ASSERT_TRUE(shared->call(first, [&](const std::string& token) {
    return first.user_info(token, whom.openid);
  }));
  auto before = tokens_made();
  post("/control/revoke-token");
  std::vector<std::thread> senders;
  std::atomic<int> sent{0};
  for (int i = 0; i < 100; ++i)
    senders.emplace_back([&, i] {
      wechat::api platform{account(), client_};
      auto answer = shared->call(platform, [&](const std::string& token) {
        auto message = template_of(*rules->kinds.find("APPOINTED"),
                                   {{"pool_names", {"甲"}},
                                    {"at_text", "2026-11-24 10:00"},
                                    {"number", "1"}},
                                   "https://zhiku.example", false);
        message.touser = whom.openid;
        message.template_id = "sandbox-APPOINTED";
        message.client_msg_id = "m" + std::to_string(i);
        auto gone = platform.send_template(token, message);
        // The sandbox's own queue of connections is short.
        while (!gone && gone.error().kind == wechat::failure::unreachable)
          gone = platform.send_template(token, message);
        return gone;
      });
      sent += answer.ok();
    });
  for (auto& one : senders)
    one.join();
  EXPECT_EQ(sent, 100);
  std::set<std::string> ids;
  for (const auto& one : template_messages())
    ids.insert(one.at("client_msg_id"));
  EXPECT_EQ(ids.size(), 100u);
  EXPECT_EQ(template_messages().size(), 100u);
  EXPECT_EQ(tokens_made(), before + 1);
}

// W13: the platform refuses each call and gives the same token again.
TEST_F(messages, w13_a_token_refused_for_ever_is_asked_for_now_and_then) {
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"count", 0}, {"errcode", 40001}});
  for (int i = 0; i < 50; ++i)
    notify(whom, "CASE_ACCEPTED");
  auto calls = [&](const std::string& api) {
    return get("/control/calls").at("calls").value(api, 0);
  };
  run(seconds{25});
  EXPECT_EQ(calls("stable_token"), 2); // the first, and once the refused one
  EXPECT_EQ(calls("template_send"), 1);
  EXPECT_EQ(counts->tokens_refused.Value(), 1);
  run(minutes{2});
  EXPECT_LE(calls("stable_token"), 5);
  EXPECT_LE(calls("template_send"), 4);
  end_faults();
  run(hours{2});
  EXPECT_EQ(counts->tokens_refused.Value(), 0);
  EXPECT_EQ(messages_of(whom).size(), 50u);
}

TEST_F(messages, w13_a_token_that_lives_survives_a_failed_fetch_at_start) {
  auto whom = new_person();
  notify(whom, "CASE_SUBMITTED");
  run(minutes{117}); // due for renewal, and alive
  order_fault({{"api", "stable_token"}, {"count", 0}, {"errcode", -1}});
  tokens = new_keeper(); // as a restarted process has one
  desk = new_desk();
  notify(whom, "CASE_ACCEPTED");
  run(seconds{1});
  EXPECT_EQ(messages_of(whom).size(), 2u);
}

TEST_F(messages, nodes_share_one_token) {
  auto node_a = new_keeper(), node_b = new_keeper();
  wechat::api at_a{account(), client_}, at_b{account(), client_};
  auto ask = [](token_keeper& by, wechat::api& platform) {
    return by.call(platform, [&](const std::string& token) {
      return platform.callback_addresses(token);
    });
  };
  ASSERT_TRUE(ask(*node_a, at_a));
  ASSERT_TRUE(ask(*node_b, at_b));
  auto calls = get("/control/calls").at("calls").at("stable_token");
  EXPECT_EQ(calls, 1);
  post("/control/revoke-token");
  ASSERT_TRUE(ask(*node_a, at_a));
  ASSERT_TRUE(ask(*node_b, at_b));
  EXPECT_EQ(get("/control/calls").at("calls").at("stable_token"), 2);
}

TEST_F(messages, a_token_taken_by_another_system_is_told_to_the_operator) {
  auto whom = new_person();
  notify(whom, "CASE_SUBMITTED");
  run(seconds{1});
  EXPECT_EQ(counts->token_takeovers.Value(), 0);
  post("/control/take-token");
  notify(whom, "CASE_ACCEPTED");
  run(seconds{1});
  EXPECT_EQ(messages_of(whom).size(), 2u);
  EXPECT_EQ(counts->token_takeovers.Value(), 1);
  EXPECT_EQ(sql_text("SELECT CAST(taken_at IS NOT NULL AS text) AS text FROM"
                     " platform_token WHERE name = 'ACCESS_TOKEN'"),
            "true");
}

TEST_F(messages, a_token_is_renewed_ahead_of_its_end) {
  auto whom = new_person();
  notify(whom, "CASE_SUBMITTED");
  run(minutes{112});
  advance(minutes{112});
  auto before = tokens_made();
  run(minutes{7}); // now fewer than five minutes remain, jitter included
  advance(minutes{7});
  notify(whom, "CASE_ACCEPTED");
  run(seconds{1});
  EXPECT_EQ(tokens_made(), before + 1);
  EXPECT_EQ(messages_of(whom).size(), 2u);
}

// --- the platform fails ------------------------------------------------------

TEST_F(messages, ten_minutes_of_outage_lose_double_and_reorder_nothing) {
  std::vector<recipient> people;
  for (int i = 0; i < 4; ++i)
    people.push_back(new_person());
  order_fault({{"api", "template_send"}, {"http_status", 503}, {"count", 0}});
  const way stages{"CASE_SUBMITTED", "CASE_ACCEPTED", "CASE_PASSED",
                   "EXAM_SCORE"};
  for (const auto& event : stages) {
    for (const auto& whom : people)
      notify(whom, event);
    run(seconds{150});
  }
  EXPECT_TRUE(template_messages().empty());
  end_faults();
  run(minutes{20});
  way expected;
  for (const auto& event : stages)
    expected.push_back("sandbox-" + event);
  for (const auto& whom : people)
    EXPECT_EQ(messages_of(whom), expected);
}

TEST_F(messages, an_answer_that_gets_lost_doubles_nothing) {
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"drop", true}, {"count", 2}});
  auto id = notify(whom, "CASE_SUBMITTED");
  run(minutes{2});
  EXPECT_EQ(messages_of(whom).size(), 1u);
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 SENT"}));
}

TEST_F(messages, a_killed_desk_loses_and_doubles_nothing) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_RETURNED");
  // As it stands when the process dies between the calls and the writing.
  persistence::notices dying{database.dsn(), keys};
  ASSERT_TRUE(dying.open(
    {id, whom.id, "CASE_RETURNED", {}, time->now(), "", ""}, time->now()));
  for (auto via :
       {domain::notice::route::template_message, domain::notice::route::sms})
    ASSERT_TRUE(dying.begin({id, via, 1, 0}, time->now()));
  run(minutes{15});
  EXPECT_EQ(messages_of(whom).size(), 1u);
  EXPECT_EQ(sms_to(whom), 1u); // the carrier knew of none, so it went out
  EXPECT_EQ(fate_of(id), "DONE");
}

TEST_F(messages, a_payload_that_lacks_something_still_goes_out) {
  auto made =
    template_of(*rules->kinds.find("PHONE_CHANGED"), domain::json::object(),
                "https://zhiku.example", false);
  EXPECT_EQ(made.data.at("character_string1"), "-");
}

TEST_F(messages, each_errcode_leads_to_its_action) {
  using wechat::retry_class;
  for (const auto& advice : wechat::known_errcodes()) {
    if (advice.errcode == 0)
      continue;
    SCOPED_TRACE(advice.errcode);
    auto whom = new_person();
    channel = std::make_shared<channel_health>();
    ledger = std::make_shared<call_ledger>(
      database.dsn(), std::map<std::string, std::int64_t>{});
    desk = new_desk();
    told.clear();
    auto tokens_before = tokens_made();
    order_fault({{"api", "template_send"}, {"errcode", advice.errcode}});
    auto id = notify(whom, "EXAM_FAILED"); // by template, and SMS besides
    run(seconds{1});
    auto template_sent = messages_of(whom).size() == 1;
    switch (advice.retry) {
    case retry_class::none:
    case retry_class::never:
      EXPECT_EQ(template_sent, advice.step == wechat::next_step::shorten);
      run(hours{1});
      EXPECT_EQ(messages_of(whom).size(), template_sent ? 1u : 0u);
      break;
    case retry_class::with_new_token:
      // It gives the same token again, so its age is not the cause: no loop,
      // but another try a minute later.
      EXPECT_FALSE(template_sent);
      EXPECT_EQ(tokens_made(), tokens_before);
      run(minutes{2});
      EXPECT_EQ(messages_of(whom).size(), 1u);
      break;
    case retry_class::backoff:
      EXPECT_FALSE(template_sent);
      run(advice.first_wait + minutes{5});
      EXPECT_EQ(messages_of(whom).size(), 1u);
      break;
    case retry_class::tomorrow:
      run(hours{12});
      EXPECT_TRUE(messages_of(whom).empty());
      run(hours{6}); // 00:05 Beijing has passed
      EXPECT_EQ(messages_of(whom).size(), 1u);
      break;
    }
    EXPECT_EQ(sms_to(whom), 1u);
    auto unfollowed = advice.mark == wechat::person_mark::not_following
                      || advice.mark == wechat::person_mark::binding_broken;
    EXPECT_EQ(told.size(), unfollowed ? 1u : 0u);
    end_faults();
    run(minutes{15}); // whatever waits for its receipt ends
    EXPECT_EQ(fate_of(id), "DONE");
    time->advance(domain::notice::after_quota_reset(time->now()) - time->now()
                  + hours{10});
  }
}

TEST_F(messages, a_paused_account_sends_sms_and_tries_again_later) {
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"errcode", 40164}});
  notify(whom, "EXAM_FAILED");
  run(seconds{1});
  auto id = notify(whom, "APPOINTED");
  run(seconds{5});
  EXPECT_EQ(way_of(id), (way{"SMS/1 SENT"}));
  run(minutes{10});
  auto later = notify(whom, "APPOINTED");
  run(seconds{1});
  EXPECT_EQ(way_of(later).front(), "TEMPLATE/1 SENT");
}

TEST_F(messages, what_can_wait_stops_before_the_quota_is_used_up) {
  ledger = std::make_shared<call_ledger>(
    database.dsn(), std::map<std::string, std::int64_t>{
                      {"/cgi-bin/message/template/send", 10}});
  desk = new_desk();
  auto whom = new_person();
  for (int i = 0; i < 9; ++i)
    notify(whom, "CASE_SUBMITTED");
  run(seconds{5});
  ledger->flush(time->now());
  auto plain = notify(whom, "CASE_ACCEPTED");
  auto urgent = notify(whom, "CASE_RETURNED");
  run(minutes{1});
  EXPECT_TRUE(way_of(plain).empty());
  EXPECT_EQ(way_of(urgent).front(), "TEMPLATE/1 SENT");
  run(hours{15});
  EXPECT_EQ(way_of(plain), (way{"TEMPLATE/1 SENT"}));
}

// --- several at once ---------------------------------------------------------

TEST_F(messages, one_call_is_made_by_one_desk) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_RETURNED");
  persistence::notices node_a{database.dsn(), keys},
    node_b{database.dsn(), keys};
  ASSERT_TRUE(node_a.open(
    {id, whom.id, "CASE_RETURNED", {}, time->now(), "", ""}, time->now()));
  persistence::attempt_key as{id, domain::notice::route::sms, 1, 0};
  EXPECT_TRUE(*node_a.begin(as, time->now()));
  EXPECT_FALSE(*node_b.begin(as, time->now()));
  // A call that old died with its process.
  EXPECT_TRUE(*node_b.begin(as, time->now() + domain::notice::call_doubt));
  persistence::attempt_outcome sent;
  sent.at = domain::notice::stage::sent;
  sent.next_at = time->now();
  ASSERT_TRUE(node_b.conclude(as, sent, time->now()));
  EXPECT_FALSE(*node_a.begin(as, time->now() + hours{1}));
}

TEST_F(messages, what_is_urgent_waits_behind_nobody) {
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"http_status", 503}, {"count", 0}});
  notify(whom, "CASE_ACCEPTED");
  run(seconds{30});
  auto urgent = notify(whom, "PHONE_CHANGED");
  run(seconds{5});
  EXPECT_EQ(way_of(urgent).back(), "SMS/1 SENT");
}

TEST_F(messages, what_has_no_other_way_waits_for_the_operator) {
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"errcode", 40164}, {"count", 2}});
  auto id = notify(whom, "CASE_SUBMITTED");
  auto later = notify(whom, "CASE_ACCEPTED");
  run(minutes{5});
  EXPECT_TRUE(messages_of(whom).empty());
  run(minutes{40});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 SENT"}));
  EXPECT_EQ(way_of(later), (way{"TEMPLATE/1 SENT"}));
}

TEST_F(messages, the_younger_choice_stands) {
  persistence::database db{database.dsn()};
  auto choose = [&](bool accepts, std::chrono::seconds after) {
    ASSERT_TRUE(db.transaction([&](soci::session& sql) {
      persistence::note_consent(sql, "o", "t", accepts, time->now() + after);
    }));
  };
  auto left = [&] {
    return sql_text("SELECT refused || '/' || left_over AS text FROM"
                    " template_refusal NATURAL JOIN subscription_consent");
  };
  choose(false, seconds{1});
  choose(true, seconds{2});
  choose(false, seconds{1}); // again, and late
  EXPECT_EQ(left(), "false/1");
  choose(false, seconds{3});
  EXPECT_EQ(left(), "true/0");
}

// --- receipts ----------------------------------------------------------------

TEST_F(messages, receipts_end_the_way) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_SUBMITTED");
  run(seconds{1});
  EXPECT_EQ(fate_of(id), "PENDING");
  told_by_platform(id, "success");
  told_by_platform(id, "success");
  run(seconds{1});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 DELIVERED"}));
  EXPECT_EQ(fate_of(id), "DONE");
}

TEST_F(messages, a_user_who_blocks_gets_sms_instead) {
  auto whom = new_person();
  auto id = notify(whom, "TERM_ENDING_90"); // no SMS of its own
  auto urgent = notify(whom, "PHONE_CHANGED");
  run(seconds{1});
  told_by_platform(id, "failed:user block");
  told_by_platform(urgent, "failed:user block");
  run(seconds{5});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 FAILED"}));
  EXPECT_EQ(way_of(urgent), (way{"TEMPLATE/1 FAILED", "SMS/1 SENT"}));
  EXPECT_EQ(sql_text("SELECT CAST(count(*) AS text) AS text FROM"
                     " template_refusal WHERE refused"),
            "2");
}

TEST_F(messages, a_system_failure_gets_one_new_message) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_SUBMITTED");
  run(seconds{1});
  told_by_platform(id, "failed: system failed");
  run(seconds{5});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 FAILED", "TEMPLATE/2 SENT"}));
  EXPECT_EQ(messages_of(whom).size(), 2u);
  std::set<std::string> ids;
  for (const auto& one : template_messages())
    ids.insert(one.at("client_msg_id"));
  EXPECT_EQ(ids.size(), 2u);
}

TEST_F(messages, a_delivery_is_never_taken_back) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_SUBMITTED");
  run(seconds{1});
  told_by_platform(id, "success");
  told_by_platform(id, "failed:user block");
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 DELIVERED"}));
}

TEST_F(messages, a_report_may_come_before_the_answer) {
  persistence::database db{database.dsn()};
  auto whom = new_person();
  auto id = notify(whom, "CASE_SUBMITTED");
  persistence::notices file{database.dsn(), keys};
  ASSERT_TRUE(file.open(
    {id, whom.id, "CASE_SUBMITTED", {}, time->now(), "", ""}, time->now()));
  persistence::attempt_key as{id, domain::notice::route::template_message, 1,
                              0};
  ASSERT_TRUE(file.begin(as, time->now()));
  persistence::receipt early;
  early.platform_id = "77";
  early.delivered = true;
  early.at = time->now();
  ASSERT_TRUE(db.transaction(
    [&](soci::session& sql) { persistence::note_receipts(sql, {early}); }));
  persistence::attempt_outcome accepted;
  accepted.at = domain::notice::stage::sent;
  accepted.platform_id = "77";
  accepted.next_at = time->now();
  ASSERT_TRUE(file.conclude(as, accepted, time->now()));
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 DELIVERED"}));
}

// --- subscription notices ----------------------------------------------------

TEST_F(messages, a_consent_brings_one_notice) {
  offer_notices();
  auto whom = new_person();
  consent(whom);
  order_fault({{"api", "template_send"}, {"errcode", 43101}, {"count", 0}});
  auto first = notify(whom, "CASE_SUBMITTED");
  run(minutes{1});
  EXPECT_EQ(way_of(first), (way{"TEMPLATE/1 FAILED", "SUBSCRIPTION/1 SENT"}));
  auto second = notify(whom, "CASE_SUBMITTED");
  run(minutes{1});
  EXPECT_TRUE(way_of(second).empty()) << "the consent is used up";
}

TEST_F(messages, receipts_of_notices_find_their_message) {
  offer_notices();
  auto whom = new_person();
  order_fault({{"api", "template_send"}, {"errcode", 43101}, {"count", 0}});
  std::vector<std::string> sent;
  for (int i = 0; i < 3; ++i) {
    consent(whom);
    sent.push_back(notify(whom, "CASE_SUBMITTED"));
    run(minutes{1});
  }
  auto msgids = notices_of(whom);
  ASSERT_EQ(msgids.size(), 3u);
  auto ends = [&] {
    std::vector<std::string> all;
    for (const auto& id : sent)
      all.push_back(way_of(id).back());
    return all;
  };
  told_of_notice(whom, msgids[0], "success");
  told_of_notice(whom, msgids[0], "success");
  EXPECT_EQ(ends(), (way{"SUBSCRIPTION/1 DELIVERED", "SUBSCRIPTION/1 SENT",
                         "SUBSCRIPTION/1 SENT"}));
  told_of_notice(whom, msgids[1], "failed:20003 refused");
  told_of_notice(whom, msgids[0], "failed:20003 refused");
  EXPECT_EQ(ends(), (way{"SUBSCRIPTION/1 DELIVERED", "SUBSCRIPTION/1 FAILED",
                         "SUBSCRIPTION/1 SENT"}));
}

// --- SMS ---------------------------------------------------------------------

TEST_F(messages, a_carrier_that_cannot_hands_over) {
  auto whom = new_person();
  order_fault({{"api", "sms_tencent"},
               {"errcode", "LimitExceeded.AppDailyLimit"},
               {"count", 0}});
  auto id = notify(whom, "CASE_RETURNED");
  run(seconds{1});
  EXPECT_EQ(sms_to(whom), 1u);
  EXPECT_EQ(sql_text("SELECT via AS text FROM delivery WHERE route = 'SMS'"),
            "second");
  EXPECT_EQ(way_of(id).back(), "SMS/1 SENT");
}

TEST_F(messages, a_number_that_cannot_be_reached_is_no_matter_of_the_carrier) {
  auto whom = new_person();
  order_fault({{"api", "sms_tencent"},
               {"errcode", "FailedOperation.PhoneNumberInBlacklist"},
               {"count", 0}});
  auto id = notify(whom, "CASE_RETURNED");
  run(minutes{15});
  EXPECT_EQ(sms_to(whom), 0u);
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 SENT", "SMS/1 FAILED"}));
}

TEST_F(messages, nobody_to_be_reached_is_shown_to_staff) {
  auto whom = new_person();
  post("/control/followers/" + whom.openid + "/unsubscribe");
  order_fault({{"api", "sms_tencent"},
               {"errcode", "FailedOperation.PhoneNumberInBlacklist"},
               {"count", 0}});
  auto id = notify(whom, "CASE_RETURNED");
  run(minutes{1});
  EXPECT_EQ(fate_of(id), "PARKED");

  persistence::database db{database.dsn()};
  auto again = [&] {
    auto how = persistence::resend::unknown;
    EXPECT_TRUE(db.transaction([&](soci::session& sql) {
      how = persistence::send_anew(sql, id, "s-1", time->now());
    }));
    return how;
  };
  end_faults();
  post("/control/followers/" + whom.openid + "/subscribe");
  EXPECT_EQ(again(), persistence::resend::begun);
  EXPECT_EQ(again(), persistence::resend::under_way);
  run(minutes{15});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 FAILED", "TEMPLATE/2 SENT",
                             "SMS/1 FAILED", "SMS/2 SENT"}));
  EXPECT_EQ(fate_of(id), "DONE");
}

// W28: accepted, shown as done, and then the carrier reports a failure.
TEST_F(messages, w28_a_failure_on_the_last_way_is_shown_to_staff) {
  auto whom = new_person();
  post("/control/followers/" + whom.openid + "/unsubscribe");
  auto id = notify(whom, "CASE_RETURNED");
  run(minutes{1});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 FAILED", "SMS/1 SENT"}));
  EXPECT_EQ(fate_of(id), "DONE");
  told_by_carrier(id, false);
  EXPECT_EQ(fate_of(id), "PENDING");
  run(minutes{1});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 FAILED", "SMS/1 FAILED"}));
  EXPECT_EQ(fate_of(id), "PARKED");
  told_by_carrier(id, true);
  run(minutes{1});
  EXPECT_EQ(way_of(id).back(), "SMS/1 FAILED");
  EXPECT_EQ(fate_of(id), "PARKED");
}

TEST_F(messages, w28_a_failed_sms_beside_a_message_that_arrived) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_RETURNED");
  run(minutes{1});
  told_by_platform(id, "success");
  run(minutes{15});
  EXPECT_EQ(fate_of(id), "DONE");
  told_by_carrier(id, false);
  run(minutes{15});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 DELIVERED", "SMS/1 FAILED"}));
  EXPECT_EQ(fate_of(id), "DONE");
}

TEST_F(messages, w28_a_late_failure_of_the_template_takes_the_next_way) {
  auto whom = new_person();
  auto id = notify(whom, "CASE_ACCEPTED");
  run(minutes{15});
  EXPECT_EQ(fate_of(id), "DONE");
  auto kind = rules->kinds.find("CASE_ACCEPTED");
  told_by_platform(id, "failed:user block");
  run(minutes{15});
  EXPECT_EQ(way_of(id).front(), "TEMPLATE/1 FAILED");
  auto by_sms = kind->sms != domain::notice::sms_rule::never;
  EXPECT_EQ(way_of(id).size(), by_sms ? 2u : 1u);
}

TEST_F(messages, reminders_keep_quiet_hours_codes_do_not) {
  auto whom = new_person();
  time->advance(hours{12}); // 22:00 Beijing
  auto id = notify(whom, "EXAM_OPENING");
  run(hours{1});
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 SENT"}));
  run(hours{10}); // 09:00
  EXPECT_EQ(way_of(id), (way{"TEMPLATE/1 SENT", "SMS/1 SENT"}));
}

} // namespace zhiku::actors::test
