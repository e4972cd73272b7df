// WeChat's two ways in: pushes, and people through an authorisation.

#include "test_site.hpp"

#include "wechat/push.hpp"
#include "wechat/signature.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

class wechat_routes_test : public site_test {
protected:
  std::string signed_query() {
    auto signature =
      wechat::signature_of({callback_token, "1700000000", "nonce"});
    return "?signature=" + signature + "&timestamp=1700000000&nonce=nonce";
  }

  response push(const std::string& xml) {
    return platform.send("POST", "/wechat/callback" + signed_query(), xml);
  }

  std::string event(const std::string& name, const std::string& at) {
    return "<xml><ToUserName><![CDATA[gh_1]]></ToUserName><FromUserName>"
           "<![CDATA[openid-1]]></FromUserName><CreateTime>"
           + at
           + "</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA["
           + name + "]]></Event></xml>";
  }

  std::string following() {
    return where.sql_text(
      "SELECT CAST(following AS text) FROM wechat_follower");
  }

  void bind_person() {
    where.sql(std::string{"INSERT INTO person (id, identities, phone_hash, "
                          "reachable, openid, created_at) VALUES ('"}
              + some_id + "', '[]', 'hash', true, 'openid-1', now())");
  }

  browser platform{where};
  browser phone{where};
};

/// The parameter `state` of an authorisation address.
std::string state_in(const std::string& location) {
  auto begin = location.find("state=") + 6;
  return location.substr(begin, location.find('#') - begin);
}

std::string return_target(const std::string& state,
                          const std::string& code = "code-1") {
  return "/wechat/oauth?code=" + code + "&state=" + state;
}

} // namespace

// --- pushes ------------------------------------------------------------------

TEST_F(wechat_routes_test, verification_echoes_as_plain_text) {
  auto answer =
    platform.get("/wechat/callback" + signed_query() + "&echostr=%3Cb%3E1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "<b>1");
  EXPECT_TRUE(header_of(answer, "Content-Type").starts_with("text/plain"));
}

TEST_F(wechat_routes_test, wrong_signatures_are_refused) {
  EXPECT_EQ(platform
              .get("/wechat/callback?signature=0000&timestamp=1&nonce=n"
                   "&echostr=x")
              .status,
            403);
  EXPECT_EQ(platform.get("/wechat/callback").status, 403);
  EXPECT_EQ(platform
              .send("POST", "/wechat/callback?signature=0&timestamp=1&nonce=n",
                    event("subscribe", "1700000000"))
              .status,
            403);
}

TEST_F(wechat_routes_test, a_new_follower_is_welcomed) {
  auto answer = push(event("subscribe", "1700000000"));
  EXPECT_EQ(answer.status, 200);
  auto reply = wechat::parse_push(answer.body);
  ASSERT_TRUE(reply) << answer.body;
  EXPECT_EQ(reply->to_user, "openid-1");
  EXPECT_EQ(reply->msg_type, "text");
  EXPECT_NE(reply->content.find("https://zhiku.example/wechat/enter"),
            std::string::npos);
  EXPECT_EQ(following(), "true");
}

TEST_F(wechat_routes_test, a_repeat_gets_the_same_reply) {
  auto first = push(event("subscribe", "1700000000"));
  gateway.clock += std::chrono::seconds{5};
  auto second = push(event("subscribe", "1700000000"));
  EXPECT_EQ(first.body, second.body);
  EXPECT_EQ(where.sql_text("SELECT CAST(count(*) AS text) FROM wechat_push"),
            "1");
}

TEST_F(wechat_routes_test, late_news_change_nothing) {
  push(event("unsubscribe", "1700000100"));
  push(event("subscribe", "1700000000"));
  EXPECT_EQ(following(), "false");
}

TEST_F(wechat_routes_test, a_bound_person_hears_of_it) {
  bind_person();
  EXPECT_EQ(push(event("unsubscribe", "1700000000")).body, "success");
  ASSERT_EQ(gateway.orders.size(), 1u);
  const auto& order = gateway.orders[0];
  EXPECT_EQ(order.stream, std::string{"applicant/"} + some_id);
  EXPECT_EQ(order.what.type, "unfollow");
  EXPECT_EQ(order.what.data,
            (json{{"openid", "openid-1"}, {"at", "2023-11-14T22:13:20Z"}}));
  EXPECT_TRUE(order.who.has("SYSTEM"));
  push(event("unsubscribe", "1700000000"));
  EXPECT_EQ(gateway.orders[1].command_id, order.command_id);
}

TEST_F(wechat_routes_test, the_platform_is_asked_to_come_again) {
  bind_person();
  gateway.script["follow"] = [](const auto&) {
    return fake_gateway::refuses(errc::unavailable);
  };
  EXPECT_EQ(push(event("subscribe", "1700000000")).status, 503);
  gateway.script["follow"] = [](const auto&) {
    return fake_gateway::refuses(errc::not_found);
  };
  EXPECT_EQ(push(event("subscribe", "1700000000")).status, 200);
}

TEST_F(wechat_routes_test, unknown_pushes_get_success) {
  EXPECT_EQ(push(event("some_new_event", "1700000000")).body, "success");
}

// --- people ------------------------------------------------------------------

TEST_F(wechat_routes_test, entering_leads_to_the_platform) {
  auto answer = phone.get("/wechat/enter?to=/h5/exam");
  EXPECT_EQ(answer.status, 302);
  auto location = header_of(answer, "Location");
  EXPECT_TRUE(location.starts_with(
    "https://open.example/connect/oauth2/authorize?appid=wxappid"
    "&redirect_uri=https%3A%2F%2Fzhiku.example%2Fwechat%2Foauth"))
    << location;
  EXPECT_EQ(state_in(location).size(), 32u);
  EXPECT_TRUE(phone.cookies.contains("zhiku_browser"));
}

TEST_F(wechat_routes_test, entering_leads_to_our_own_pages_only) {
  for (const auto* to :
       {"https://evil.example", "//evil.example", "/%5Cevil.example",
        "%2F%2Fevil.example", "/%09/evil.example", "/h5%0d%0aX:y"})
    EXPECT_EQ(phone.get(std::string{"/wechat/enter?to="} + to).status, 422)
      << to;
}

TEST_F(wechat_routes_test, coming_back_opens_a_session) {
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  auto answer = phone.get(return_target(state));
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "Location"), "/h5/exam");
  EXPECT_EQ(header_of(answer, "Referrer-Policy"), "no-referrer");
  auto me = json::parse(phone.get("/api/v1/me").body);
  EXPECT_EQ(me.at("channel"), "WECHAT");
  EXPECT_EQ(me.at("identified"), false);
}

TEST_F(wechat_routes_test, a_bound_openid_is_known_at_once) {
  bind_person();
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  phone.get(return_target(state));
  phone.get("/api/v1/exams/" + std::string{some_id});
  EXPECT_EQ(gateway.orders.back().who.id, some_id);
}

TEST_F(wechat_routes_test, states_are_ours_and_of_this_browser) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  int exchanged = 0;
  where.exchange = [&](const std::string&) {
    ++exchanged;
    return oauth_person{"openid-1"};
  };
  EXPECT_EQ(phone.get("/wechat/oauth?code=c").status, 403);
  EXPECT_EQ(phone.get(return_target("")).status, 403);
  EXPECT_EQ(phone.get(return_target(std::string(32, 'a'))).status, 403);
  EXPECT_EQ(phone.get(return_target("%27%3B--")).status, 403);
  browser stranger{where};
  EXPECT_EQ(stranger.get(return_target(state)).status, 403);
  stranger.get("/wechat/enter");
  EXPECT_EQ(stranger.get(return_target(state)).status, 403);
  EXPECT_FALSE(stranger.cookies.contains("zhiku_session"));
  EXPECT_EQ(exchanged, 0);
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
}

TEST_F(wechat_routes_test, states_grow_old) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  gateway.clock += std::chrono::minutes{10};
  EXPECT_EQ(phone.get(return_target(state)).status, 403);
}

TEST_F(wechat_routes_test, the_same_return_is_harmless) {
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  phone.get(return_target(state));
  auto token = phone.cookies.at("zhiku_session");
  int exchanged = 0;
  where.exchange = [&](const std::string&) -> domain::result<oauth_person> {
    ++exchanged;
    return errc::not_authenticated;
  };
  auto again = phone.get(return_target(state));
  EXPECT_EQ(again.status, 303);
  EXPECT_EQ(header_of(again, "Location"), "/h5/exam");
  EXPECT_EQ(phone.cookies.at("zhiku_session"), token);
  EXPECT_EQ(exchanged, 0);
}

TEST_F(wechat_routes_test, going_back_after_a_logout_logs_nobody_in) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  phone.get(return_target(state));
  phone.post("/api/v1/logout");
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
  EXPECT_FALSE(phone.cookies.contains("zhiku_session"));
}

TEST_F(wechat_routes_test, used_states_begin_anew) {
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  phone.get(return_target(state));
  where.rebuild(); // another node, which remembers nothing
  auto again = phone.get(return_target(state));
  EXPECT_EQ(again.status, 302);
  EXPECT_EQ(header_of(again, "Location"), "/wechat/enter?to=%2Fh5%2Fexam");
  auto other_code = phone.get(return_target(state, "code-2"));
  EXPECT_EQ(other_code.status, 302);
}

TEST_F(wechat_routes_test, snapshot_users_are_not_logged_in) {
  where.exchange = [](const std::string&) {
    return oauth_person{"virtual", true};
  };
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  auto answer = phone.get(return_target(state));
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("使用完整服务"), std::string::npos);
  EXPECT_FALSE(phone.cookies.contains("zhiku_session"));
}

TEST_F(wechat_routes_test, refused_codes_offer_another_start) {
  where.exchange = [](const std::string&) -> domain::result<oauth_person> {
    return errc::not_authenticated;
  };
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  auto answer = phone.get(return_target(state));
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("/wechat/enter?to=%2Fh5%2Fexam"),
            std::string::npos);
  EXPECT_FALSE(phone.cookies.contains("zhiku_session"));
}

TEST_F(wechat_routes_test, a_slow_platform_is_a_passing_fault) {
  where.exchange = [](const std::string&) -> domain::result<oauth_person> {
    return errc::unavailable;
  };
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  EXPECT_EQ(phone.get(return_target(state)).status, 503);
}
