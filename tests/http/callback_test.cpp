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

// W4: fifteen people spoke at once, and two messages had one MsgId.
TEST_F(callback_test, w4_two_people_with_one_id_get_their_own_answers) {
  bind_person();
  add_case("SUBMITTED");
  auto first = text("进度", "6300000000000000001");
  auto second = first;
  second.from_user = "openid-2";
  EXPECT_TRUE(contains(said(first), "A1"));
  auto answer = wechat::parse_push(push(second).body);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->to_user, "openid-2");
  EXPECT_FALSE(contains(answer->content, "A1")) << answer->content;
  EXPECT_EQ(count_of("wechat_push"), "2");
}

// W5: each delivery is answered alike, however they overlap.
TEST_F(callback_test, w5_deliveries_that_overlap_have_one_effect) {
  bind_person();
  gateway.slow = true;
  std::vector<std::string> bodies;
  for (int i = 0; i < 3; ++i)
    where.ask(platform.outline("POST", signed_target(),
                               wechat::to_xml(event("unsubscribe"))),
              [&](const response& got) { bodies.push_back(got.body); });
  gateway.catch_up();
  EXPECT_EQ(bodies, std::vector<std::string>(3, "success"));
  EXPECT_EQ(count_of("effect"), "1");
  EXPECT_EQ(count_of("wechat_push"), "1");
}

// --- whatever bytes come -----------------------------------------------------

namespace {

/// The XML of a text whose content is `raw`, as it is.
std::string xml_of_text(const std::string& raw) {
  return "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
         "<FromUserName><![CDATA[openid-1]]></FromUserName>"
         "<CreateTime>1700000000</CreateTime>"
         "<MsgType><![CDATA[text]]></MsgType><Content><![CDATA["
         + raw + "]]></Content><MsgId>22000000000000001</MsgId></xml>";
}

} // namespace

TEST_F(callback_test, w1_a_text_with_forbidden_bytes_is_understood) {
  bind_person();
  for (const std::string odd :
       {"\x1D", "\x01", "\x0B", "\x1F", "\xEF\xBF\xBE", "\xC9\xF3"}) {
    auto answer =
      platform.send("POST", signed_target(), xml_of_text(" " + odd + "c 进度"));
    EXPECT_EQ(answer.status, 200);
    EXPECT_FALSE(contains(answer.body, odd));
    auto reply = wechat::parse_push(answer.body);
    ASSERT_TRUE(reply) << answer.body;
    EXPECT_TRUE(contains(reply->content, "to=%2Fh5%2Fapplications"));
    where.sql("TRUNCATE wechat_push");
  }
  auto nul = platform.send("POST", signed_target(),
                           xml_of_text(std::string("\0进度", 7)));
  EXPECT_EQ(nul.status, 200);
  EXPECT_TRUE(wechat::parse_push(nul.body)) << nul.body;
}

TEST_F(callback_test, w1_a_time_that_cannot_be_blocks_no_later_news) {
  push(event("unsubscribe", "", 253402300799)); // the year 9999
  gateway.clock += std::chrono::seconds{10};
  auto now = std::chrono::floor<std::chrono::seconds>(gateway.clock);
  push(event("subscribe", "", now.time_since_epoch().count()));
  auto following = "SELECT CAST(following AS text) FROM wechat_follower";
  EXPECT_EQ(where.sql_text(following), "true");
  gateway.clock += std::chrono::seconds{10};
  push(event("unsubscribe", "", 0)); // none, or none that can be read
  EXPECT_EQ(where.sql_text(following), "false");
}

TEST_F(callback_test, w2_a_trade_number_is_no_scene) {
  for (const auto* key :
       {"last_trade_no_4000000000201701100000000001", "foo_bar", "123"}) {
    EXPECT_TRUE(contains(said(event("subscribe", key)), "欢迎关注")) << key;
    EXPECT_EQ(where.sql_text("SELECT count(*) || '' FROM wechat_push WHERE "
                             "CAST(wechat_push AS text) LIKE '%"
                             + std::string{key} + "%'"),
              "0");
  }
  EXPECT_EQ(count_of("login_ticket"), "0");
}

TEST_F(callback_test, w6_a_mass_report_concerns_nobody) {
  auto what = event("MASSSENDJOBFINISH");
  what.msg_id = "1000001625";
  what.status = "err(30003)";
  what.other = {{"TotalCount", "0"},
                {"CopyrightCheckResult/ResultList/item/ArticleIdx", "1"},
                {"CopyrightCheckResult/ResultList/item[2]/ArticleIdx", "2"}};
  EXPECT_EQ(push(what).body, "success");
  EXPECT_TRUE(where.receipts.empty());
  EXPECT_EQ(count_of("wechat_follower"), "0");
}

namespace {

wechat::push authorization_event(const std::string& name) {
  wechat::push what;
  what.to_user = "gh_1";
  what.from_user = "oPLATFORM0000000000000000000";
  what.create_time = std::chrono::sys_seconds{std::chrono::seconds{1700000000}};
  what.msg_type = "event";
  what.event = name;
  what.other["OpenID"] = "openid-1";
  return what;
}

} // namespace

TEST_F(callback_test, w7_a_closed_account_ends_what_hung_on_it) {
  bind_person();
  where.sql("INSERT INTO wechat_unionid VALUES ('openid-1', 'u')");
  browser phone{where, guest_login()};
  EXPECT_EQ(phone.get("/api/v1/me").status, 200);
  auto what = authorization_event("user_authorization_cancellation");
  what.other["UnionID"] = "u";
  EXPECT_EQ(push(what).body, "success");
  EXPECT_EQ(push(what).body, "success");
  EXPECT_EQ(where.sql_text("SELECT openid || ' ' || following FROM "
                           "wechat_follower"),
            "openid-1 false");
  EXPECT_EQ(where.sql_text("SELECT target || ' ' || type FROM effect"),
            std::string{"applicant/"} + some_id + " unbind");
  EXPECT_EQ(count_of("wechat_unionid"), "0");
  gateway.clock += std::chrono::seconds{6}; // sessions just seen are believed
  EXPECT_EQ(phone.get("/api/v1/me").status, 401);
}

TEST_F(callback_test, w7_the_platforms_push_service_follows_nobody) {
  for (const auto* name : {"user_authorization_revoke", "user_info_modified"}) {
    auto what = authorization_event(name);
    what.other["RevokeInfo"] = "205";
    EXPECT_EQ(push(what).body, "success") << name;
  }
  auto nobody = authorization_event("user_authorization_cancellation");
  nobody.other.erase("OpenID");
  EXPECT_EQ(push(nobody).body, "success");
  EXPECT_EQ(count_of("wechat_follower"), "0");
  EXPECT_EQ(count_of("effect"), "0");
  EXPECT_TRUE(
    contains(platform.get("/metrics").body, "{name=\"user_info_modified\"} 1"));
}

TEST_F(callback_test, unknown_pushes_are_counted_by_name) {
  push(event("MASSSENDJOBFINISH"));
  push(pushed("hologram"));
  push(event("odd name"));
  for (int i = 0; i < 100; ++i)
    push(event("invented_" + std::to_string(i)));
  auto figures = platform.get("/metrics").body;
  EXPECT_TRUE(contains(figures, "{name=\"MASSSENDJOBFINISH\"} 1"));
  EXPECT_TRUE(contains(figures, "{name=\"hologram\"} 1"));
  EXPECT_TRUE(contains(figures, "{name=\"invented_47\"} 1"));
  EXPECT_FALSE(contains(figures, "invented_48"));
  EXPECT_TRUE(contains(figures, "{name=\"other\"} 53"));
}

TEST_F(callback_test, w9_json_is_refused_and_the_operator_hears_of_it) {
  auto answer = platform.send(
    "POST", signed_target(),
    R"({"ToUserName":"GH","FromUserName":"OA","CreateTime":"1610968440",)"
    R"("MsgType":"event","Event":"subscribe_msg_popup_event","List":)"
    R"({"TemplateId":"T1","SubscribeStatusString":"accept"}})");
  EXPECT_EQ(answer.status, 415);
  EXPECT_TRUE(contains(answer.body, "XML"));
  EXPECT_TRUE(
    contains(platform.get("/metrics").body,
             "zhiku_wechat_refused_pushes_total{reason=\"not_xml\"} 1"));
}

TEST_F(callback_test, w9_consents_come_one_or_three_at_a_time) {
  for (std::size_t count : {1u, 3u}) {
    auto what = event("subscribe_msg_popup_event", std::to_string(count));
    for (std::size_t i = 1; i <= count; ++i) {
      auto list = "SubscribeMsgPopupEvent/List"
                  + (i == 1 ? "" : '[' + std::to_string(i) + ']') + '/';
      what.other[list + "TemplateId"] = "t" + std::to_string(i);
      what.other[list + "SubscribeStatusString"] = "accept";
    }
    where.consents.clear();
    EXPECT_EQ(push(what).body, "success");
    EXPECT_EQ(where.consents.size(), count);
  }
}

TEST_F(callback_test, w10_the_body_does_not_depend_on_its_declared_type) {
  std::optional<std::string> first;
  for (const auto* type :
       {"text/xml", "application/x-www-form-urlencoded", "application/json",
        "multipart/form-data; boundary=x", ""}) {
    platform.headers.erase("Content-Type");
    platform.headers.emplace("Content-Type", type);
    where.sql("TRUNCATE wechat_push");
    auto answer = platform.send("POST", signed_target(),
                                xml_of_text("5+5=10&a=1%2B1;<ok> \"q\" 进度"));
    EXPECT_EQ(answer.status, 200) << type;
    EXPECT_EQ(answer.body, first.value_or(answer.body)) << type;
    first = answer.body;
  }
  EXPECT_EQ(platform.send("POST", signed_target(), "").status, 403);
  auto verified =
    platform.send("GET", signed_target("&echostr=17"), "a stray body");
  EXPECT_EQ(verified.body, "17");
}

TEST_F(callback_test, w12_a_long_answer_stays_within_the_platforms_limit) {
  bind_person();
  for (int i = 0; i < 3; ++i)
    where.sql(
      "INSERT INTO exam_session (id, applicant_id, case_id, plan_id, "
      "plan_name, state, window_start, window_end, duration_s) VALUES ('"
      + std::to_string(i) + "', '" + some_id
      + "', 'case', 'plan', repeat('考试💡', 70), 'SCHEDULED', now(), "
        "now(), 60)");
  auto answer = said(text("考试"));
  EXPECT_LE(answer.size(), 1800u);
  EXPECT_GT(answer.size(), 1700u);
  EXPECT_TRUE(answer.ends_with(">查看考试</a>")) << answer;
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
