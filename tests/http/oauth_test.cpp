// People who come through an authorisation (PROTOCOL 3).

#include "test_site.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

class oauth_test : public site_test {
protected:
  void bind_person() {
    where.sql(std::string{"INSERT INTO person (id, identities, phone_hash, "
                          "reachable, openid, created_at) VALUES ('"}
              + some_id + "', '[]', 'hash', true, 'openid-1', now())");
  }

  browser phone{where};
};

/// The parameter `state` of an authorisation address.
std::string state_in(const std::string& location) {
  auto begin = location.find("state=") + 6;
  return location.substr(begin, location.find('#') - begin);
}

std::string scope_in(const std::string& location) {
  auto begin = location.find("scope=") + 6;
  return location.substr(begin, location.find('&', begin) - begin);
}

std::string return_target(const std::string& state,
                          const std::string& code = "code-1") {
  return "/wechat/oauth?code=" + code + "&state=" + state;
}

} // namespace

TEST_F(oauth_test, entering_leads_to_the_platform) {
  auto answer = phone.get("/wechat/enter?to=/h5/exam");
  EXPECT_EQ(answer.status, 302);
  auto location = header_of(answer, "Location");
  EXPECT_TRUE(location.starts_with(
    "https://open.example/connect/oauth2/authorize?appid=wxappid"
    "&redirect_uri=https%3A%2F%2Fzhiku.example%2Fwechat%2Foauth"))
    << location;
  EXPECT_EQ(state_in(location).size(), 32u);
  EXPECT_TRUE(phone.cookies.contains("__Host-zhiku_browser"));
}

TEST_F(oauth_test, entering_leads_to_our_own_pages_only) {
  for (const auto* to :
       {"https://evil.example", "//evil.example", "/%5Cevil.example",
        "%2F%2Fevil.example", "/%09/evil.example", "/h5%0d%0aX:y"})
    EXPECT_EQ(phone.get(std::string{"/wechat/enter?to="} + to).status, 422)
      << to;
}

TEST_F(oauth_test, coming_back_opens_a_session) {
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

TEST_F(oauth_test, a_bound_openid_is_known_at_once) {
  bind_person();
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  phone.get(return_target(state));
  phone.get("/api/v1/exams/" + std::string{some_id});
  EXPECT_EQ(gateway.orders.back().who.id, some_id);
}

TEST_F(oauth_test, states_are_ours_and_of_this_browser) {
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
  EXPECT_FALSE(stranger.cookies.contains("__Host-zhiku_session"));
  EXPECT_EQ(exchanged, 0);
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
}

// W18: browsers add to the address, and web views lose cookies.
TEST_F(oauth_test, w18_a_spoilt_return_offers_another_start) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  int exchanged = 0;
  where.exchange = [&](const std::string&) {
    ++exchanged;
    return oauth_person{"openid-1"};
  };
  auto base = "/wechat/oauth?code=c&state=";
  for (const auto& spoilt :
       {base + state + "https://i.browser.example", base + state + "&state=Y",
        base + state + "&state=" + state, base + std::string(600, 'a'),
        std::string{"/wechat/oauth?code=c"}, std::string{"/wechat/oauth"},
        "/wechat/oauth?code=" + std::string(600, 'c') + "&state=" + state,
        "/wechat/oauth?code=c&code=d&state=" + state}) {
    auto answer = phone.get(spoilt);
    EXPECT_EQ(answer.status, 403) << spoilt;
    EXPECT_TRUE(header_of(answer, "Content-Type").starts_with("text/html"));
    EXPECT_NE(answer.body.find("重新进入"), std::string::npos) << spoilt;
  }
  EXPECT_FALSE(phone.cookies.contains("zhiku_session"));
  EXPECT_EQ(exchanged, 0);
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
}

TEST_F(oauth_test, w16_a_refused_profile_asks_for_no_token_of_ours) {
  where.exchange = [](const std::string&) -> domain::result<oauth_person> {
    return errc::not_authenticated;
  };
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  auto answer = phone.get(return_target(state));
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("重新进入"), std::string::npos);
  EXPECT_EQ(where.sql_text("SELECT count(*) || '' FROM session"), "0");
}

TEST_F(oauth_test, w21_the_callback_never_comes_from_the_request) {
  phone.headers.emplace("Host", "evil.example:8080");
  phone.headers.emplace("X-Forwarded-Host", "evil.example");
  phone.headers.emplace("X-Forwarded-Proto", "http");
  auto location = header_of(phone.get("/wechat/enter?to=/h5/"), "Location");
  EXPECT_NE(location.find("redirect_uri=https%3A%2F%2Fzhiku.example%2F"),
            std::string::npos);
  EXPECT_EQ(location.find("evil"), std::string::npos);
}

TEST_F(oauth_test, states_grow_old) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  gateway.clock += std::chrono::minutes{10};
  EXPECT_EQ(phone.get(return_target(state)).status, 403);
}

// Edge 21.
TEST_F(oauth_test, the_same_return_is_harmless_on_every_node) {
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  phone.get(return_target(state));
  auto token = phone.cookies.at("__Host-zhiku_session");
  int exchanged = 0;
  where.exchange = [&](const std::string&) -> domain::result<oauth_person> {
    ++exchanged;
    return errc::not_authenticated;
  };
  for (int i = 0; i < 2; ++i) {
    phone.cookies.erase("__Host-zhiku_session");
    auto again = phone.get(return_target(state));
    EXPECT_EQ(again.status, 303);
    EXPECT_EQ(header_of(again, "Location"), "/h5/exam");
    EXPECT_EQ(phone.cookies.at("__Host-zhiku_session"), token);
    EXPECT_EQ(phone.get("/api/v1/me").status, 200);
    where.rebuild(); // another node, or this one after a restart
  }
  EXPECT_EQ(exchanged, 0);
  EXPECT_EQ(where.sql_text("SELECT CAST(count(*) AS text) FROM session"), "1");
}

TEST_F(oauth_test, a_return_during_the_first_waits_for_it) {
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  response meanwhile;
  where.exchange = [&](const std::string&) {
    meanwhile = phone.get(return_target(state));
    return oauth_person{"openid-1"};
  };
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
  EXPECT_EQ(meanwhile.status, 200);
  EXPECT_EQ(header_of(meanwhile, "Refresh"), "1");
  auto token = phone.cookies.at("__Host-zhiku_session");
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
  EXPECT_EQ(phone.cookies.at("__Host-zhiku_session"), token);
}

TEST_F(oauth_test, a_repeat_is_of_the_same_code_and_browser_and_soon) {
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  phone.get(return_target(state));
  gateway.clock += std::chrono::seconds{15};
  auto other_code = phone.get(return_target(state, "code-2"));
  EXPECT_EQ(other_code.status, 302);
  EXPECT_EQ(header_of(other_code, "Location"), "/wechat/enter?to=%2Fh5%2Fexam");
  browser thief{where};
  thief.get("/wechat/enter");
  EXPECT_EQ(thief.get(return_target(state)).status, 403);
  gateway.clock += std::chrono::minutes{5};
  EXPECT_EQ(phone.get(return_target(state)).status, 302);
}

TEST_F(oauth_test, no_token_is_stored) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  phone.get(return_target(state));
  auto rows = where.sql_text(
    "SELECT CAST(json_agg(s) AS text) || (SELECT CAST(json_agg(o) AS text) "
    "FROM oauth_state o) FROM session s");
  EXPECT_EQ(rows.find(phone.cookies.at("__Host-zhiku_session")),
            std::string::npos);
  EXPECT_EQ(rows.find(phone.cookies.at("__Host-zhiku_csrf")),
            std::string::npos);
  EXPECT_EQ(rows.find(state), std::string::npos);
}

TEST_F(oauth_test, going_back_after_a_logout_logs_nobody_in) {
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  phone.get(return_target(state));
  phone.post("/api/v1/logout");
  EXPECT_EQ(phone.get(return_target(state)).status, 303);
  EXPECT_FALSE(phone.cookies.contains("__Host-zhiku_session"));
}

TEST_F(oauth_test, asks_for_consent_where_it_is_wanted) {
  auto scope_of = [&](const std::string& query) {
    return scope_in(header_of(phone.get("/wechat/enter" + query), "Location"));
  };
  EXPECT_EQ(scope_of(""), "snsapi_base");
  EXPECT_EQ(scope_of("?scope=base"), "snsapi_base");
  EXPECT_EQ(scope_of("?scope=userinfo"), "snsapi_userinfo");
  EXPECT_EQ(phone.get("/wechat/enter?scope=all").status, 422);
}

// Edge 19.
TEST_F(oauth_test, other_browsers_are_led_to_the_login_page) {
  where.how.wechat_browser_only = true;
  where.rebuild();
  phone.headers.emplace("User-Agent", "Mozilla/5.0 Chrome/120.0");
  auto answer = phone.get("/wechat/enter?to=/h5/exam");
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(header_of(answer, "Location"), "/login?to=%2Fh5%2Fexam");
  phone.headers.clear();
  phone.headers.emplace("User-Agent", "Mozilla/5.0 MicroMessenger/8.0.50");
  EXPECT_TRUE(header_of(phone.get("/wechat/enter"), "Location")
                .starts_with("https://open.example/"));
}

// W19.
TEST_F(oauth_test, w19_wechat_is_told_from_what_looks_like_it) {
  where.how.wechat_browser_only = true;
  where.rebuild();
  auto led_to = [&](const std::string& agent) {
    phone.headers.erase("User-Agent");
    if (!agent.empty())
      phone.headers.emplace("User-Agent", agent);
    return header_of(phone.get("/wechat/enter?to=/h5/"), "Location");
  };
  for (const auto* wechat :
       {"Mozilla/5.0 (Phone; OpenHarmony 5.1) ArkWeb/4.1.6.1 Mobile "
        "MicroMessenger/8.0.9.39(0xf3100927) Weixin NetType/WIFI",
        "Mozilla/5.0 (Windows NT 10.0) MicroMessenger/7.0.20.1781(0x6700143B) "
        "NetType/WIFI MiniProgramEnv/Windows WindowsWechat",
        "Mozilla/5.0 (Linux; Android 14) MicroMessenger/8.0.50.2701 "
        "miniProgram/wx0000000000000000"})
    EXPECT_TRUE(led_to(wechat).starts_with("https://open.example/")) << wechat;
  for (const auto* other :
       {"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Mobile/15E148 "
        "wxwork/4.1.39 MicroMessenger/7.0.1 Language/zh",
        "Mozilla/5.0 (Windows NT 10.0; WOW64) wxwork/4.1.39 "
        "(MicroMessenger/6.2) WindowsWechat",
        "curl/8", ""})
    EXPECT_EQ(led_to(other), "/login?to=%2Fh5%2F") << other;
}

TEST_F(oauth_test, snapshot_users_are_not_logged_in) {
  where.exchange = [](const std::string&) {
    return oauth_person{"virtual", true};
  };
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  auto answer = phone.get(return_target(state));
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("使用完整服务"), std::string::npos);
  EXPECT_FALSE(phone.cookies.contains("__Host-zhiku_session"));
}

TEST_F(oauth_test, refused_codes_offer_another_start) {
  where.exchange = [](const std::string&) -> domain::result<oauth_person> {
    return errc::not_authenticated;
  };
  auto state =
    state_in(header_of(phone.get("/wechat/enter?to=/h5/exam"), "Location"));
  auto answer = phone.get(return_target(state));
  EXPECT_EQ(answer.status, 403);
  EXPECT_NE(answer.body.find("/wechat/enter?to=%2Fh5%2Fexam"),
            std::string::npos);
  EXPECT_FALSE(phone.cookies.contains("__Host-zhiku_session"));
}

TEST_F(oauth_test, a_slow_platform_is_a_passing_fault) {
  where.exchange = [](const std::string&) -> domain::result<oauth_person> {
    return errc::unavailable;
  };
  auto state = state_in(header_of(phone.get("/wechat/enter"), "Location"));
  EXPECT_EQ(phone.get(return_target(state)).status, 503);
}

// --- the website application (PROTOCOL 4a) -----------------------------------

namespace {

class website_login_test : public oauth_test {
protected:
  website_login_test() {
    where.how.login_app_id = "wxwebsite";
    where.rebuild();
    where.exchange = [](const std::string& code) {
      return code == "code-1" ? oauth_person{"openid-1", false, "union-1"}
                              : oauth_person{"other-openid", false, "union-1"};
    };
  }

  response scan(const std::string& to = "") {
    auto location = header_of(desk.get("/login/wechat" + to), "Location");
    return desk.get("/login/wechat/return?code=code-pc&state="
                    + state_in(location));
  }

  browser desk{where};
};

} // namespace

TEST_F(website_login_test, is_offered_only_when_configured) {
  auto location = header_of(desk.get("/login/wechat"), "Location");
  EXPECT_TRUE(location.starts_with(
    "https://open.example/connect/qrconnect?appid=wxwebsite&redirect_uri="
    "https%3A%2F%2Fzhiku.example%2Flogin%2Fwechat%2Freturn"))
    << location;
  where.how.login_app_id.clear();
  where.rebuild();
  EXPECT_EQ(desk.get("/login/wechat").status, 404);
}

TEST_F(website_login_test, knows_people_by_unionid_alone) {
  bind_person();
  EXPECT_EQ(scan().status, 403); // never came through the account
  phone.get(
    return_target(state_in(header_of(phone.get("/wechat/enter"), "Location"))));
  auto answer = scan("?to=/pc/exams");
  EXPECT_EQ(answer.status, 303);
  EXPECT_EQ(header_of(answer, "Location"), "/pc/exams");
  EXPECT_EQ(gateway.orders.back().what.type, "login");
  EXPECT_EQ(where.sql_text("SELECT channel || coalesce(openid, '') FROM "
                           "session WHERE applicant_id IS NOT NULL "
                           "AND channel <> 'WECHAT'"),
            "PC");
  EXPECT_EQ(desk.get("/api/v1/exams").status, 200);
}

TEST_F(website_login_test, its_openid_proves_nothing) {
  bind_person();
  where.exchange = [](const std::string&) {
    return oauth_person{"openid-1"}; // no unionid
  };
  EXPECT_EQ(scan().status, 403);
  EXPECT_FALSE(desk.cookies.contains("__Host-zhiku_session"));
}
