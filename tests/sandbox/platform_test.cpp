#include "tests/sandbox/fixture.hpp"

#include "wechat/errcode.hpp"

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

class platform : public sandbox_fixture {
protected:
  static wechat::template_message passed(const std::string& openid) {
    return {openid,
            "sandbox-review",
            "http://127.0.0.1:8080/wechat/enter?to=/h5/",
            "effect-1",
            {{"thing1", "招标评审专家"}, {"phrase2", "已通过"}}};
  }

  int send_errcode(const wechat::template_message& what) {
    auto sent = api_.send_template(token(), what);
    return sent ? 0 : sent.error().errcode;
  }

  wechat::api api_{account(), client_};
};

} // namespace

// -- tokens
// ---------------------------------------------------------------------

TEST_F(platform, gives_the_same_stable_token_until_forced) {
  auto first = api_.stable_token().value();
  EXPECT_LE(first.expires_in, 7200s);
  EXPECT_EQ(api_.stable_token()->token, first.token);
  auto forced = api_.stable_token(true).value();
  EXPECT_NE(forced.token, first.token);
  auto stale = api_.get_ticket(first.token);
  ASSERT_FALSE(stale);
  EXPECT_EQ(stale.error().errcode, 40001);
  EXPECT_TRUE(api_.get_ticket(forced.token));
}

TEST_F(platform, renews_the_stable_token_before_its_end) {
  auto first = token();
  advance(7000s);
  auto second = token();
  EXPECT_NE(first, second);
  EXPECT_TRUE(api_.get_ticket(first));
  advance(201s);
  EXPECT_EQ(api_.get_ticket(first).error().errcode, 42001);
  EXPECT_TRUE(api_.get_ticket(second));
}

TEST_F(platform, a_revoked_token_is_healed_by_asking_again) {
  auto first = token();
  post("/control/revoke-token");
  auto refused = api_.get_ticket(first);
  ASSERT_FALSE(refused);
  EXPECT_EQ(wechat::advice_for(refused.error()).retry,
            wechat::retry_class::with_new_token);
  EXPECT_TRUE(api_.get_ticket(token()));
}

TEST_F(platform, refuses_another_secret_without_repeating_it) {
  auto other = account();
  other.app_secret = "a-secret-that-must-stay-here";
  auto refused = wechat::api{other, client_}.stable_token();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().errcode, 40125);
  EXPECT_EQ(refused.error().errmsg.find(other.app_secret), std::string::npos);
}

// -- template messages
// ----------------------------------------------------------

TEST_F(platform, delivers_a_template_once_for_one_client_msg_id) {
  auto openid = new_follower();
  auto first = api_.send_template(token(), passed(openid));
  ASSERT_TRUE(first) << first.error().errmsg;
  EXPECT_EQ(*api_.send_template(token(), passed(openid)), *first);
  auto chat = chat_of(openid);
  ASSERT_EQ(chat.size(), 1u);
  EXPECT_EQ(chat[0].at("kind"), "template");
  EXPECT_EQ(chat[0].at("fields")[1].at("value"), "已通过");
  EXPECT_EQ(chat[0].at("url"), passed(openid).url);
  EXPECT_EQ(std::to_string(chat[0].at("msgid").get<std::int64_t>()), *first);
}

TEST_F(platform, forgets_a_client_msg_id_after_ten_minutes) {
  auto openid = new_follower();
  auto first = api_.send_template(token(), passed(openid)).value();
  advance(600s);
  EXPECT_NE(*api_.send_template(token(), passed(openid)), first);
  EXPECT_EQ(chat_of(openid).size(), 2u);
}

TEST_F(platform, refuses_templates_as_the_platform_does) {
  auto openid = new_follower();
  EXPECT_EQ(send_errcode(passed("oNobody")), 40003);

  auto unknown = passed(openid);
  unknown.template_id = "unknown";
  EXPECT_EQ(send_errcode(unknown), 40037);
  post("/control/templates", {{"template_id", "unknown"}, {"title", "审核"}});
  EXPECT_EQ(send_errcode(unknown), 0);

  auto too_long = passed(openid);
  too_long.data["phrase2"] = "审核已经通过";
  too_long.client_msg_id = "effect-2";
  EXPECT_EQ(send_errcode(too_long), 47003);

  auto empty = passed(openid);
  empty.data["thing1"] = "";
  empty.client_msg_id = "effect-3";
  EXPECT_EQ(send_errcode(empty), 47003);

  post("/control/followers/" + openid + "/unsubscribe");
  EXPECT_EQ(send_errcode(passed(openid)), 43004);
}

// -- faults
// ---------------------------------------------------------------------

TEST_F(platform, meets_ordered_errcodes_and_then_recovers) {
  auto openid = new_follower();
  post("/control/faults", {{"api", "template_send"}, {"errcode", 45009}});
  EXPECT_EQ(send_errcode(passed(openid)), 45009);
  EXPECT_EQ(send_errcode(passed(openid)), 0);
  auto calls = get("/control/calls").at("calls");
  EXPECT_EQ(calls.at("template_send"), 2);
}

TEST_F(platform, tells_broken_answers_apart) {
  auto kind_of = [this](const json& fault) {
    post("/control/faults", fault);
    return api_.stable_token().error().kind;
  };
  EXPECT_EQ(kind_of({{"api", "stable_token"}, {"html", true}}),
            wechat::failure::malformed);
  EXPECT_EQ(kind_of({{"api", "stable_token"}, {"http_status", 502}}),
            wechat::failure::http);
  EXPECT_EQ(kind_of({{"api", "stable_token"}, {"drop", true}}),
            wechat::failure::unreachable);
  EXPECT_TRUE(api_.stable_token());
}

TEST_F(platform, gives_up_on_a_hung_connection) {
  wechat::api hasty{account(), client_, {1s, 50ms}};
  for (const auto& order : {json{{"api", "stable_token"}, {"latency_ms", 300}},
                            json{{"api", "stable_token"}, {"hang", true}}}) {
    post("/control/faults", order);
    auto answer = hasty.stable_token();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, wechat::failure::unreachable);
  }
}

TEST_F(platform, clearing_faults_ends_them) {
  post("/control/faults",
       {{"api", "stable_token"}, {"errcode", -1}, {"count", 0}});
  EXPECT_FALSE(api_.stable_token());
  EXPECT_FALSE(api_.stable_token());
  http_.Delete("/control/faults");
  EXPECT_TRUE(api_.stable_token());
}

// -- the smaller calls
// ----------------------------------------------------------

TEST_F(platform, keeps_the_menu) {
  EXPECT_EQ(api_.get_menu(token()).error().errcode, 46003);
  json menu = {
    {"button", {{{"type", "click"}, {"name", "帮助"}, {"key", "HELP"}}}}};
  EXPECT_TRUE(api_.create_menu(token(), menu));
  EXPECT_EQ(api_.get_menu(token())->at("menu").at("button")[0].at("key"),
            "HELP");
  EXPECT_TRUE(api_.delete_menu(token()));
  EXPECT_EQ(api_.get_menu(token()).error().errcode, 46003);
}

TEST_F(platform, tells_whether_a_person_follows) {
  auto openid = new_follower();
  EXPECT_TRUE(api_.user_info(token(), openid)->subscribed);
  post("/control/followers/" + openid + "/unsubscribe");
  EXPECT_FALSE(api_.user_info(token(), openid)->subscribed);
  EXPECT_EQ(api_.user_info(token(), "oNobody").error().errcode, 40003);
}

TEST_F(platform, qr_codes_expire) {
  auto openid = new_follower();
  auto code = api_.create_qr_code(token(), "login:1", 120s).value();
  EXPECT_EQ(code.expires_in, 120s);
  auto scan = "/control/followers/" + openid + "/scan";
  EXPECT_TRUE(post(scan, {{"key", "login:1"}}).contains("openid"));
  EXPECT_TRUE(post(scan, {{"key", code.url}}).contains("openid"));
  advance(120s);
  EXPECT_TRUE(post(scan, {{"key", "login:1"}}).contains("error"));
}

} // namespace zhiku::sandbox
