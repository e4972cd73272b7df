// What the platform pushes, and what comes of it (PROTOCOL 1.4 to 1.6).

#include "test_client.hpp"
#include "test_site.hpp"

#include "wechat/push.hpp"
#include "wechat/signature.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

class callback_test : public site_test {
protected:
  static std::string signed_target(const std::string& extra = "") {
    auto signature =
      wechat::signature_of({callback_token, "1700000000", "nonce"});
    return "/wechat/callback?signature=" + signature
           + "&timestamp=1700000000&nonce=nonce" + extra;
  }

  response push(const wechat::push& what) {
    return platform.send("POST", signed_target(), wechat::to_xml(what));
  }

  static wechat::push pushed(std::string type, std::int64_t at = 1700000000) {
    wechat::push what;
    what.to_user = "gh_1";
    what.from_user = "openid-1";
    what.create_time = std::chrono::sys_seconds{std::chrono::seconds{at}};
    what.msg_type = std::move(type);
    return what;
  }

  static wechat::push event(std::string name, std::string key = "",
                            std::int64_t at = 1700000000) {
    auto what = pushed("event", at);
    what.event = std::move(name);
    what.event_key = std::move(key);
    return what;
  }

  static wechat::push text(std::string content, std::string id = "1") {
    auto what = pushed("text");
    what.content = std::move(content);
    what.msg_id = std::move(id);
    return what;
  }

  /// The text that answers the push.
  std::string said(const wechat::push& what) {
    auto answer = push(what);
    EXPECT_EQ(answer.status, 200);
    auto reply = wechat::parse_push(answer.body);
    return reply ? reply->content : answer.body;
  }

  std::string count_of(const std::string& table) {
    return where.sql_text("SELECT CAST(count(*) AS text) FROM " + table);
  }

  void bind_person() {
    where.sql(std::string{"INSERT INTO person (id, identities, phone_hash, "
                          "reachable, openid, created_at) VALUES ('"}
              + some_id + "', '[]', 'hash', true, 'openid-1', now())");
  }

  void add_case(const std::string& state) {
    where.sql(std::string{"INSERT INTO review_case (id, number, applicant_id, "
                          "pools, state, round, submitted_at, changed_at, "
                          "version) VALUES ('case-1', 'A1', '"}
              + some_id + "', '[\"BID\"]', '" + state
              + "', 1, now(), now(), 1)");
  }

  browser platform{where};
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

// --- the gate ----------------------------------------------------------------

TEST_F(callback_test, verification_echoes_as_plain_text) {
  auto answer = platform.get(signed_target("&echostr=%3Cb%3E1"));
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<b>1");
  EXPECT_TRUE(header_of(answer, "Content-Type").starts_with("text/plain"));
}

TEST_F(callback_test, wrong_signatures_are_refused) {
  EXPECT_EQ(platform
              .get("/wechat/callback?signature=0000&timestamp=1&nonce=n"
                   "&echostr=x")
              .status,
            403);
  EXPECT_EQ(platform.get("/wechat/callback").status, 403);
  EXPECT_EQ(platform
              .send("POST", "/wechat/callback?signature=0&timestamp=1&nonce=n",
                    wechat::to_xml(event("subscribe")))
              .status,
            403);
  EXPECT_EQ(count_of("wechat_push"), "0");
}

// --- once --------------------------------------------------------------------

TEST_F(callback_test, a_repeat_gets_the_same_reply_on_every_node) {
  auto first = push(event("subscribe"));
  gateway.clock += std::chrono::seconds{5};
  where.rebuild();
  auto second = push(event("subscribe"));
  EXPECT_NE(first.body, "success");
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(count_of("wechat_push"), "1");
}

TEST_F(callback_test, a_repeated_question_gets_the_first_answer) {
  bind_person();
  auto first = said(text("进度"));
  add_case("SUBMITTED");
  EXPECT_EQ(said(text("进度")), first);
  EXPECT_NE(said(text("进度", "2")), first);
}

TEST_F(callback_test, two_events_of_one_second_are_two) {
  EXPECT_NE(push(event("CLICK", "PROGRESS")).body, "success");
  EXPECT_NE(push(event("subscribe")).body, "success");
  EXPECT_EQ(count_of("wechat_push"), "2");
}

// --- in time -----------------------------------------------------------------

TEST_F(callback_test, a_slow_answer_is_given_up_and_sent_later) {
  where.how.push_patience = std::chrono::milliseconds{5};
  where.rebuild();
  gateway.slow = true;
  std::promise<response> answered;
  auto asked =
    platform.outline("POST", signed_target(), wechat::to_xml(text("进度")));
  where.ask(std::move(asked),
            [&](response answer) { answered.set_value(std::move(answer)); });
  auto answer = answered.get_future();
  ASSERT_EQ(answer.wait_for(patience), std::future_status::ready);
  EXPECT_EQ(answer.get().body, "success");
  gateway.catch_up();
  ASSERT_EQ(where.sent_later.size(), 1u);
  EXPECT_EQ(where.sent_later[0].first, "openid-1");
  auto again = said(text("进度"));
  EXPECT_EQ(again, where.sent_later[0].second);
  EXPECT_EQ(where.sent_later.size(), 1u);
}

TEST_F(callback_test, a_fact_is_not_acknowledged_before_it_is_kept) {
  where.how.push_patience = std::chrono::milliseconds{0};
  where.rebuild();
  gateway.slow = true;
  std::atomic<int> questions{0};
  std::atomic<int> facts{0};
  where.ask(platform.outline("POST", signed_target(),
                             wechat::to_xml(event("unsubscribe"))),
            [&](const response&) { ++facts; });
  where.ask(
    platform.outline("POST", signed_target(), wechat::to_xml(text("进度"))),
    [&](const response&) { ++questions; });
  EXPECT_TRUE(eventually([&] { return questions == 1; }));
  EXPECT_EQ(facts, 0);
  gateway.catch_up();
  EXPECT_EQ(facts, 1);
  EXPECT_EQ(count_of("wechat_push"), "2");
}

TEST_F(callback_test, a_database_that_is_away_is_a_passing_fault) {
  gateway.full = true;
  EXPECT_EQ(push(event("subscribe")).status, 503);
}

TEST_F(callback_test, what_means_nothing_costs_nothing) {
  gateway.full = true;
  for (const auto& what :
       {event("VIEW", "https://zhiku.example/h5/"), event("LOCATION"),
        event("some_new_event"), pushed("image"), pushed("some_new_type")})
    EXPECT_EQ(push(what).body, "success") << what.event;
}

// --- many at a time ----------------------------------------------------------

namespace {

class crowded_callback_test : public callback_test {
protected:
  crowded_callback_test() {
    gateway.slow = true; // until the crowd has gathered
  }

  void bring(const wechat::push& what) {
    auto place = answers.size();
    answers.emplace_back();
    where.ask(platform.outline("POST", signed_target(), wechat::to_xml(what)),
              [this, place](response got) { answers[place] = std::move(got); });
  }

  std::vector<response> answers;
};

} // namespace

TEST_F(crowded_callback_test, shares_one_transaction) {
  for (int i = 0; i < 100; ++i)
    bring(text("进度", std::to_string(i)));
  EXPECT_EQ(count_of("wechat_push"), "0");
  gateway.catch_up();
  for (const auto& got : answers)
    EXPECT_TRUE(contains(got.body, "to=%2Fh5%2Fidentify"));
  EXPECT_EQ(where.sql_text("SELECT count(*) || ' ' || count(DISTINCT "
                           "CAST(xmin AS text)) FROM wechat_push"),
            "100 1");
}

TEST_F(crowded_callback_test, holds_repeats) {
  bind_person();
  bring(text("进度"));
  bring(event("unsubscribe"));
  bring(text("进度"));
  bring(event("unsubscribe"));
  gateway.catch_up();
  EXPECT_TRUE(contains(answers[0].body, "to=%2Fh5%2Fapplications"));
  EXPECT_EQ(answers[2].body, answers[0].body);
  EXPECT_EQ(answers[3].body, "success");
  EXPECT_EQ(count_of("wechat_push"), "2");
  EXPECT_EQ(count_of("effect"), "1");
}

TEST_F(crowded_callback_test, loses_only_the_one_that_cannot_be_kept) {
  where.on_receipt = [](const receipt& one) {
    if (one.platform_id == "3")
      throw std::runtime_error("cannot be kept");
  };
  for (int i = 0; i < 8; ++i) {
    auto what = event("TEMPLATESENDJOBFINISH");
    what.msg_id = std::to_string(i);
    what.status = "success";
    bring(what);
  }
  gateway.catch_up();
  for (std::size_t i = 0; i < answers.size(); ++i)
    EXPECT_EQ(answers[i].status, i == 3 ? 500 : 200) << i;
  EXPECT_EQ(count_of("wechat_push"), "7");
}

TEST_F(crowded_callback_test, is_refused_beyond_its_limit) {
  for (int i = 0; i < 2'001; ++i)
    bring(text("进度", std::to_string(i)));
  EXPECT_EQ(answers.back().status, 503);
  gateway.catch_up();
  EXPECT_EQ(answers[1'999].status, 200);
  EXPECT_EQ(count_of("wechat_push"), "2000");
}

TEST_F(callback_test, what_is_always_answered_alike_is_not_kept) {
  gateway.full = true;
  EXPECT_TRUE(contains(said(text("帮助")), "人工"));
  EXPECT_TRUE(contains(push(text("人工")).body, "transfer_customer_service"));
  EXPECT_EQ(count_of("wechat_push"), "0");
}

// --- following ---------------------------------------------------------------

TEST_F(callback_test, a_new_follower_is_welcomed) {
  auto answer = push(event("subscribe"));
  auto reply = wechat::parse_push(answer.body);
  ASSERT_TRUE(reply) << answer.body;
  EXPECT_EQ(reply->to_user, "openid-1");
  EXPECT_EQ(reply->from_user, "gh_1");
  EXPECT_TRUE(
    contains(reply->content, "https://zhiku.example/wechat/enter?to=%2Fh5%2F"));
  EXPECT_EQ(
    where.sql_text("SELECT CAST(following AS text) FROM wechat_follower"),
    "true");
}

TEST_F(callback_test, late_news_change_nothing) {
  push(event("unsubscribe", "", 1700000100));
  push(event("subscribe", "", 1700000000));
  EXPECT_EQ(
    where.sql_text("SELECT CAST(following AS text) FROM wechat_follower"),
    "false");
}

// I-7: committed with the push, so that no crash loses it.
TEST_F(callback_test, a_bound_person_hears_of_it_once) {
  bind_person();
  EXPECT_EQ(push(event("unsubscribe")).body, "success");
  push(event("unsubscribe"));
  EXPECT_EQ(count_of("effect"), "1");
  EXPECT_EQ(where.sql_text("SELECT lane || ' ' || kind || ' ' || target || ' ' "
                           "|| type || ' ' || state FROM effect"),
            std::string{"ENTITY command applicant/"} + some_id
              + " unfollow PENDING");
  EXPECT_EQ(
    json::parse(where.sql_text("SELECT CAST(payload AS text) FROM effect")),
    (json{{"openid", "openid-1"}, {"at", "2023-11-14T22:13:20Z"}}));
}

TEST_F(callback_test, strangers_are_nobodys_order) {
  push(event("unsubscribe"));
  EXPECT_EQ(count_of("effect"), "0");
}

// --- questions ---------------------------------------------------------------

TEST_F(callback_test, a_person_hears_how_things_stand) {
  bind_person();
  add_case("SUBMITTED");
  for (const auto& what : {text("进度"), event("CLICK", "PROGRESS")}) {
    auto answer = said(what);
    EXPECT_TRUE(contains(answer, "待受理")) << answer;
    EXPECT_TRUE(contains(answer, "to=%2Fh5%2Fapplications")) << answer;
  }
  EXPECT_TRUE(contains(said(text("考试", "2")), "没有考试安排"));
  EXPECT_TRUE(contains(said(text("档案", "3")), "没有专家档案"));
}

TEST_F(callback_test, a_person_hears_nothing_of_others) {
  bind_person();
  add_case("SUBMITTED");
  auto stranger = text("进度");
  stranger.from_user = "openid-2";
  auto answer = said(stranger);
  EXPECT_FALSE(contains(answer, "A1")) << answer;
  EXPECT_TRUE(contains(answer, "to=%2Fh5%2Fidentify")) << answer;
}

TEST_F(callback_test, whatever_else_is_said_gets_the_list) {
  for (const auto& what : {text("你好"), text("帮助", "2"),
                           event("CLICK", "HELP"), event("CLICK", "OTHER")})
    for (auto word : {"进度", "考试", "档案", "人工"})
      EXPECT_TRUE(contains(said(what), word)) << word;
}

// --- news of messages --------------------------------------------------------

TEST_F(callback_test, receipts_are_passed_on) {
  auto what = event("TEMPLATESENDJOBFINISH");
  what.msg_id = "200163840";
  what.status = "failed:user block";
  EXPECT_EQ(push(what).body, "success");
  ASSERT_EQ(where.receipts.size(), 1u);
  EXPECT_EQ(where.receipts[0].platform_id, "200163840");
  EXPECT_EQ(where.receipts[0].status, "failed:user block");
  EXPECT_EQ(where.receipts[0].at, *domain::instant_of("2023-11-14T22:13:20Z"));
}

TEST_F(callback_test, receipts_of_subscription_messages_too) {
  auto what = event("subscribe_msg_sent_event");
  what.other = {{"SubscribeMsgSentEvent/List/TemplateId", "t1"},
                {"SubscribeMsgSentEvent/List/MsgID", "11"},
                {"SubscribeMsgSentEvent/List/ErrorCode", "0"},
                {"SubscribeMsgSentEvent/List/ErrorStatus", "success"},
                {"SubscribeMsgSentEvent/List[2]/TemplateId", "t2"},
                {"SubscribeMsgSentEvent/List[2]/MsgID", "12"},
                {"SubscribeMsgSentEvent/List[2]/ErrorCode", "20003"},
                {"SubscribeMsgSentEvent/List[2]/ErrorStatus", "no consent"}};
  EXPECT_EQ(push(what).body, "success");
  ASSERT_EQ(where.receipts.size(), 2u);
  EXPECT_EQ(where.receipts[0].platform_id, "11");
  EXPECT_EQ(where.receipts[0].status, "success");
  EXPECT_EQ(where.receipts[0].openid, "openid-1");
  EXPECT_EQ(where.receipts[0].template_id, "t1");
  EXPECT_EQ(where.receipts[1].status, "failed:20003 no consent");
  EXPECT_EQ(where.receipts[1].template_id, "t2");
}

TEST_F(callback_test, consents_are_passed_on) {
  auto what = event("subscribe_msg_popup_event");
  what.other = {
    {"SubscribeMsgPopupEvent/List/TemplateId", "t1"},
    {"SubscribeMsgPopupEvent/List/SubscribeStatusString", "accept"},
    {"SubscribeMsgPopupEvent/List[2]/TemplateId", "t2"},
    {"SubscribeMsgPopupEvent/List[2]/SubscribeStatusString", "reject"}};
  EXPECT_EQ(push(what).body, "success");
  ASSERT_EQ(where.consents.size(), 2u);
  EXPECT_EQ(where.consents[0].openid, "openid-1");
  EXPECT_EQ(where.consents[0].template_id, "t1");
  EXPECT_TRUE(where.consents[0].accepted);
  EXPECT_FALSE(where.consents[1].accepted);
}

TEST_F(callback_test, whoever_wants_a_person_is_handed_over) {
  auto answer = push(text("人工"));
  auto reply = wechat::parse_push(answer.body);
  ASSERT_TRUE(reply) << answer.body;
  EXPECT_EQ(reply->msg_type, "transfer_customer_service");
  EXPECT_EQ(push(text("人工")).body, answer.body);
}
