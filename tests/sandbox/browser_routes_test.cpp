#include "tests/sandbox/fixture.hpp"

#include "base/encoding.hpp"

namespace zhiku::sandbox {

namespace {

constexpr const char* back = "http://a.example/oauth";

class browser : public sandbox_fixture {
protected:
  /// The address of the authorisation page, asked for by this follower.
  std::string page(const std::string& openid, const std::string& scope,
                   const std::string& more = {}) const {
    return "/connect/oauth2/authorize?appid=" + how_.app_id + "&redirect_uri="
           + percent_encode(back) + "&response_type=code&scope=" + scope
           + "&state=s1" + more + "&sandbox_openid=" + openid;
  }

  std::string location(const std::string& path) {
    return http_.Get(path)->get_header_value("Location");
  }

  static std::string code_in(const std::string& location) {
    auto from = location.find("code=");
    if (from == std::string::npos)
      return {};
    return location.substr(from + 5, location.find('&', from) - from - 5);
  }

  json exchange(const std::string& code) {
    return exchange(code, how_.app_id, how_.app_secret);
  }

  json exchange(const std::string& code, const std::string& app_id,
                const std::string& secret) {
    return get("/sns/oauth2/access_token?appid=" + app_id + "&secret=" + secret
               + "&code=" + code + "&grant_type=authorization_code");
  }

  json userinfo(const json& issued) {
    return get("/sns/userinfo?access_token="
               + issued.at("access_token").get<std::string>()
               + "&openid=" + issued.at("openid").get<std::string>());
  }
};

} // namespace

// -- inside WeChat ------------------------------------------------------------

TEST_F(browser, asks_strangers_for_consent_and_followers_only_when_told) {
  auto openid = new_follower();
  auto scope = "snsapi_userinfo";
  EXPECT_FALSE(code_in(location(page(openid, scope))).empty());
  EXPECT_EQ(location(page(openid, scope, "&forcePopup=true")), "");
  post("/control/followers/" + openid + "/unsubscribe");
  EXPECT_EQ(location(page(openid, scope)), "");
  EXPECT_FALSE(code_in(location(page(openid, "snsapi_base"))).empty());
  auto allowed = location(page(openid, scope, "&sandbox_consent=allow"));
  EXPECT_EQ(exchange(code_in(allowed)).at("scope"), scope);
}

TEST_F(browser, comes_back_from_a_refusal_as_chosen) {
  auto openid = new_follower();
  auto denied = page(openid, "snsapi_userinfo", "&sandbox_consent=deny");
  EXPECT_EQ(location(denied), "");
  change_options({{"on_refusal", "state_only"}});
  EXPECT_EQ(location(denied), std::string{back} + "?state=s1");
  change_options({{"on_refusal", "authdeny"}});
  EXPECT_EQ(location(denied), std::string{back} + "?code=authdeny&state=s1");
}

TEST_F(browser, knows_the_registered_domain) {
  auto openid = new_follower();
  change_options({{"oauth_domain", "b.example"}});
  EXPECT_EQ(location(page(openid, "snsapi_base")), "");
  change_options({{"oauth_domain", "a.example"}});
  EXPECT_NE(location(page(openid, "snsapi_base")), "");
}

TEST_F(browser, learns_a_name_only_with_the_scope_for_it) {
  auto openid = new_follower("李四");
  auto silent = exchange(code_in(location(page(openid, "snsapi_base"))));
  EXPECT_EQ(userinfo(silent).at("errcode"), 48001);
  EXPECT_FALSE(silent.contains("unionid"));
  auto asked = exchange(code_in(location(page(openid, "snsapi_userinfo"))));
  auto told = userinfo(asked);
  EXPECT_EQ(told.at("nickname"), "李四");
  EXPECT_EQ(told.at("unionid"), asked.at("unionid"));
  auto portrait = told.at("headimgurl").get<std::string>();
  EXPECT_EQ(
    http_.Get(portrait.substr(base().size()))->get_header_value("Content-Type"),
    "image/jpeg");
  auto other = asked;
  other["openid"] = "oOther";
  EXPECT_EQ(userinfo(other).at("errcode"), 40003);
  advance(std::chrono::hours{2});
  EXPECT_EQ(userinfo(asked).at("errcode"), 42001);
}

TEST_F(browser, refreshes_until_the_password_changes) {
  auto openid = new_follower();
  auto issued = exchange(code_in(location(page(openid, "snsapi_base"))));
  auto refresh = "/sns/oauth2/refresh_token?appid=" + how_.app_id
                 + "&grant_type=refresh_token&refresh_token="
                 + issued.at("refresh_token").get<std::string>();
  EXPECT_EQ(get(refresh).at("openid"), openid);
  auto check =
    "/sns/auth?access_token=" + issued.at("access_token").get<std::string>()
    + "&openid=" + openid;
  EXPECT_EQ(get(check).at("errcode"), 0);
  post("/control/followers/" + openid + "/password");
  EXPECT_EQ(get(refresh).at("errcode"), 42007);
}

TEST_F(browser, is_somebody_else_on_a_snapshot_page) {
  auto openid = new_follower();
  auto forced = exchange(
    code_in(location(page(openid, "snsapi_userinfo", "&forceSnapShot=true"))));
  EXPECT_EQ(forced.at("is_snapshotuser"), 1);
  EXPECT_NE(forced.at("openid"), openid);
  post("/control/faults", {{"api", "oauth"}, {"snapshot", "known"}});
  auto known = exchange(code_in(location(page(openid, "snsapi_base"))));
  EXPECT_EQ(known.at("is_snapshotuser"), 1);
  EXPECT_EQ(known.at("openid"), openid);
}

// -- our own page -------------------------------------------------------------

TEST_F(browser, tells_which_pages_fit_into_the_phone) {
  httplib::Server site;
  site.Get("/open", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("", "text/html");
  });
  site.Get("/shut", [](const httplib::Request&, httplib::Response& response) {
    response.set_header("X-Frame-Options", "DENY");
  });
  auto port = site.bind_to_any_port("127.0.0.1");
  std::thread listener{[&site] { site.listen_after_bind(); }};
  ASSERT_TRUE(eventually([&site] { return site.is_running(); }));
  auto allowed = [this](const std::string& url) {
    return get("/control/frame?url=" + percent_encode(url)).at("allowed");
  };
  auto origin = "http://127.0.0.1:" + std::to_string(port);
  EXPECT_EQ(allowed(origin + "/open"), true);
  EXPECT_EQ(allowed(origin + "/shut"), false);
  EXPECT_EQ(allowed("http://192.0.2.1/"), false);
  site.stop();
  listener.join();
}

TEST_F(browser, opens_the_phone_for_a_qr_code) {
  auto page = http_.Get("/");
  EXPECT_EQ(page->get_header_value("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(location("/q/gQticket"), "/?scan=gQticket");
}

// -- at a PC (PROTOCOL 4a) ----------------------------------------------------

namespace {

class website : public browser {
protected:
  std::string login_page() const {
    return "/connect/qrconnect?appid=" + how_.web_app_id
           + "&redirect_uri=" + percent_encode(back)
           + "&response_type=code&scope=snsapi_login&state=s1";
  }

  /// The id in a fresh login page.
  std::string open_login() {
    auto body = http_.Get(login_page())->body;
    auto mark = std::string{"/connect/qrcode/"};
    auto from = body.find(mark) + mark.size();
    return body.substr(from, body.find('"', from) - from);
  }

  std::string state_of(const std::string& id) {
    return http_.Get("/connect/l/qrconnect?uuid=" + id)->body;
  }

  /// What the phone gets after its answer; none: just the scan.
  int confirm(const std::string& id, const std::string& openid,
              const std::string& answer) {
    return http_
      .Get("/connect/confirm?uuid=" + id + "&sandbox_openid=" + openid
           + (answer.empty() ? "" : "&sandbox_consent=" + answer))
      ->status;
  }
};

} // namespace

TEST_F(website, is_entered_by_scan_and_confirmation) {
  auto openid = new_follower();
  auto id = open_login();
  EXPECT_EQ(http_.Get("/connect/qrcode/" + id)->status, 200);
  EXPECT_EQ(state_of(id), "window.wx_errcode=408;window.wx_code='';");
  auto scanned = post("/control/followers/" + openid + "/scan",
                      {{"key", base() + "/connect/confirm?uuid=" + id}});
  EXPECT_EQ(scanned.at("open"), base() + "/connect/confirm?uuid=" + id);
  confirm(id, openid, "");
  EXPECT_EQ(state_of(id), "window.wx_errcode=404;window.wx_code='';");
  confirm(id, openid, "allow");
  auto told = state_of(id);
  ASSERT_TRUE(told.starts_with("window.wx_errcode=405;window.wx_code='"));
  auto code = told.substr(38, 32);
  auto issued = exchange(code, how_.web_app_id, how_.web_app_secret);
  auto person = get("/control/followers").at("followers")[0];
  EXPECT_EQ(issued.at("openid"), person.at("web_openid"));
  EXPECT_EQ(issued.at("unionid"), person.at("unionid"));
  EXPECT_EQ(issued.at("scope"), "snsapi_login");
  EXPECT_EQ(userinfo(issued).at("openid"), person.at("web_openid"));
}

TEST_F(website, stays_closed_when_refused_or_too_late) {
  auto openid = new_follower();
  auto id = open_login();
  confirm(id, openid, "deny");
  EXPECT_EQ(state_of(id), "window.wx_errcode=403;window.wx_code='';");
  advance(std::chrono::minutes{5});
  EXPECT_EQ(state_of(id), "window.wx_errcode=402;window.wx_code='';");
}

TEST_F(website, has_codes_of_its_own) {
  auto openid = new_follower();
  auto id = open_login();
  confirm(id, openid, "allow");
  auto code = state_of(id).substr(38, 32);
  EXPECT_EQ(exchange(code).at("errcode"), 40029);
  advance(std::chrono::minutes{10});
  EXPECT_EQ(exchange(code, how_.web_app_id, how_.web_app_secret).at("errcode"),
            42003);
  EXPECT_EQ(exchange(code, how_.web_app_id, "wrong").at("errcode"), 40125);
}

} // namespace zhiku::sandbox
