// Login at a PC by QR code (PROTOCOL 4b): who may do what with a ticket, and
// how often.

#include "test_site.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "wechat/push.hpp"
#include "wechat/signature.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

constexpr auto chrome =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like "
  "Gecko) Chrome/120.0.0.0 Safari/537.36";

class login_tickets_test : public site_test {
protected:
  login_tickets_test() {
    bind_person("openid-1", some_id);
    desk.headers.emplace("User-Agent", chrome);
  }

  void bind_person(const std::string& openid, const std::string& id) {
    where.sql("INSERT INTO person (id, identities, phone_hash, reachable, "
              "openid, created_at) VALUES ('"
              + id + "', '[]', '" + id + "', true, '" + openid + "', now())");
  }

  json create(const json& body = json::object()) {
    auto answer = desk.post("/api/v1/login/tickets", body);
    EXPECT_EQ(answer.status, 201) << answer.body;
    auto made = json::parse(answer.body);
    target = "/api/v1/login/tickets/" + made.value("id", "");
    return made;
  }

  std::string scene() {
    return where.sql_text("SELECT scene FROM login_ticket");
  }

  /// What the account says to a scan.
  std::string scan(const std::string& openid, bool was_follower = true) {
    wechat::push what;
    what.to_user = "gh_1";
    what.from_user = openid;
    what.create_time = std::chrono::sys_seconds{std::chrono::seconds{++second}};
    what.msg_type = "event";
    what.event = was_follower ? "SCAN" : "subscribe";
    what.event_key = (was_follower ? "" : "qrscene_") + scene();
    auto signature = wechat::signature_of({callback_token, "1", "n"});
    auto answer = platform.send("POST",
                                "/wechat/callback?signature=" + signature
                                  + "&timestamp=1&nonce=n",
                                wechat::to_xml(what));
    auto reply = wechat::parse_push(answer.body);
    return reply ? reply->content : answer.body;
  }

  json poll() {
    return json::parse(desk.get(target).body);
  }

  std::string page_target() {
    return "/h5/login-confirm/" + target.substr(target.rfind('/') + 1);
  }

  session scanner() {
    auto who = guest_login("openid-1");
    who.applicant_id = some_id;
    return who;
  }

  std::int64_t second = 1700000000;
  std::string target;
  browser platform{where};
  browser desk{where};
  browser phone{where, scanner()};
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

} // namespace

TEST_F(login_tickets_test, the_whole_way) {
  auto made = create({{"to", "/pc/exams?id=1"}});
  EXPECT_EQ(made.at("state"), "WAITING");
  EXPECT_EQ(made.at("remaining_ms"), 180'000);
  EXPECT_EQ(made.at("qr_url"), "http://weixin.example/q/" + scene());
  EXPECT_TRUE(scene().starts_with("login:"));
  EXPECT_EQ(scene().size(), 6u + 32u);
  EXPECT_EQ(poll().at("state"), "WAITING");

  EXPECT_TRUE(contains(scan("openid-1"), "to=%2Fh5%2Flogin-confirm%2F"));
  EXPECT_EQ(poll().at("state"), "SCANNED");
  EXPECT_EQ(desk.get("/api/v1/me").status, 401);

  EXPECT_EQ(phone.post(target + "/confirm").status, 200);
  auto done = poll();
  EXPECT_EQ(done.at("state"), "CONFIRMED");
  EXPECT_EQ(done.at("to"), "/pc/exams?id=1");
  EXPECT_EQ(done.at("csrf_token"), desk.cookies.at("__Host-zhiku_csrf"));
  ASSERT_EQ(gateway.orders.size(), 1u);
  EXPECT_EQ(gateway.orders[0].stream, std::string{"applicant/"} + some_id);
  EXPECT_EQ(gateway.orders[0].what.type, "login");
  EXPECT_EQ(where.sql_text("SELECT channel || ' ' || applicant_id FROM session "
                           "WHERE channel = 'PC'"),
            std::string{"PC "} + some_id);
  EXPECT_EQ(desk.get("/api/v1/exams").status, 200);
}

TEST_F(login_tickets_test, new_followers_scan_too) {
  create();
  EXPECT_TRUE(contains(scan("openid-1", false), "login-confirm"));
  EXPECT_EQ(poll().at("state"), "SCANNED");
  EXPECT_EQ(where.sql_text("SELECT openid FROM wechat_follower"), "openid-1");
}

// Whoever photographs the code, or learns the id, gains nothing.
TEST_F(login_tickets_test, only_the_browser_that_asked_sees_it) {
  create();
  browser thief{where};
  thief.post("/api/v1/login/tickets"); // has a browser secret of its own
  for (const auto& what : {target, target + "/qr.svg"}) {
    EXPECT_EQ(thief.get(what).status, 404) << what;
    EXPECT_EQ(browser{where}.get(what).status, 404) << what;
    EXPECT_EQ(desk.get(what).status, 200) << what;
  }
  where.sql("DELETE FROM login_ticket WHERE id <> '"
            + target.substr(target.rfind('/') + 1) + "'");
  scan("openid-1");
  phone.post(target + "/confirm");
  EXPECT_EQ(thief.get(target).status, 404);
  EXPECT_FALSE(thief.cookies.contains("__Host-zhiku_session"));
  EXPECT_EQ(where.sql_text("SELECT state FROM login_ticket"), "CONFIRMED");
}

TEST_F(login_tickets_test, one_ticket_gives_one_session) {
  create();
  scan("openid-1");
  phone.post(target + "/confirm");
  poll();
  auto token = desk.cookies.at("__Host-zhiku_session");
  desk.cookies.erase("__Host-zhiku_session"); // the answer was lost on its way
  where.rebuild();
  EXPECT_EQ(poll().at("state"), "CONFIRMED");
  EXPECT_EQ(desk.cookies.at("__Host-zhiku_session"), token);
  EXPECT_EQ(where.sql_text("SELECT CAST(count(*) AS text) FROM session WHERE "
                           "channel = 'PC'"),
            "1");
  desk.post("/api/v1/logout");
  EXPECT_EQ(poll().at("state"), "EXPIRED");
  EXPECT_FALSE(desk.cookies.contains("__Host-zhiku_session"));
}

TEST_F(login_tickets_test, it_ends_in_time_at_every_step) {
  auto late = std::chrono::seconds{180};
  create();
  gateway.clock += late;
  EXPECT_EQ(poll().at("state"), "EXPIRED");
  EXPECT_TRUE(contains(scan("openid-1"), "已失效"));
  EXPECT_EQ(poll().at("state"), "EXPIRED");

  where.sql("TRUNCATE login_ticket");
  create();
  scan("openid-1");
  gateway.clock += late;
  EXPECT_EQ(phone.post(target + "/confirm").status, 410);
  EXPECT_EQ(phone.get(page_target()).status, 410);

  where.sql("TRUNCATE login_ticket");
  create();
  scan("openid-1");
  EXPECT_EQ(phone.post(target + "/confirm").status, 200);
  gateway.clock += late;
  EXPECT_EQ(poll().at("state"), "EXPIRED");
  EXPECT_FALSE(desk.cookies.contains("__Host-zhiku_session"));
}

TEST_F(login_tickets_test, the_first_scan_binds) {
  bind_person("openid-2", "01936a2b-0000-7000-8000-0123456789ac");
  create();
  scan("openid-1");
  EXPECT_TRUE(contains(scan("openid-2"), "已被他人扫描"));
  EXPECT_TRUE(contains(scan("openid-1"), "login-confirm"));
  EXPECT_EQ(where.sql_text("SELECT openid FROM login_ticket"), "openid-1");
}

TEST_F(login_tickets_test, strangers_are_told_to_identify_first) {
  create();
  EXPECT_TRUE(contains(scan("openid-9"), "to=%2Fh5%2Fidentify"));
  EXPECT_EQ(poll().at("state"), "WAITING");
  EXPECT_TRUE(contains(scan("openid-1"), "login-confirm"));
}

TEST_F(login_tickets_test, only_the_scanner_decides_and_once) {
  create();
  EXPECT_EQ(phone.post(target + "/confirm").status, 410); // nobody scanned yet
  scan("openid-1");
  browser other{where, guest_login("openid-2")};
  auto pc = scanner();
  pc.channel = "PC";
  browser not_wechat{where, pc};
  EXPECT_EQ(other.post(target + "/confirm").status, 410);
  EXPECT_EQ(not_wechat.post(target + "/confirm").status, 404);
  EXPECT_EQ(browser{where}.post(target + "/confirm").status, 401);
  EXPECT_EQ(poll().at("state"), "SCANNED");
  auto csrf = phone.cookies.at("__Host-zhiku_csrf");
  phone.cookies.erase("__Host-zhiku_csrf");
  EXPECT_EQ(code_of(phone.post(target + "/confirm")), "CSRF_FAILED");
  phone.cookies["__Host-zhiku_csrf"] = csrf;
  EXPECT_EQ(phone.post(target + "/refuse").status, 200);
  EXPECT_EQ(poll().at("state"), "REFUSED");
  EXPECT_EQ(phone.post(target + "/confirm").status, 410);
  EXPECT_FALSE(desk.cookies.contains("__Host-zhiku_session"));
}

TEST_F(login_tickets_test, an_unbound_person_is_not_let_in) {
  create();
  scan("openid-1");
  phone.post(target + "/confirm");
  where.sql("UPDATE person SET openid = NULL");
  EXPECT_EQ(poll().at("state"), "REFUSED");
  EXPECT_FALSE(desk.cookies.contains("__Host-zhiku_session"));
}

TEST_F(login_tickets_test, a_busy_house_loses_no_confirmation) {
  create();
  scan("openid-1");
  phone.post(target + "/confirm");
  gateway.script["login"] = [](const auto&) {
    return fake_gateway::refuses(errc::busy);
  };
  EXPECT_EQ(desk.get(target).status, 503);
  gateway.script.clear();
  EXPECT_EQ(poll().at("state"), "CONFIRMED");
  EXPECT_EQ(gateway.orders[0].command_id, gateway.orders[1].command_id);
}

TEST_F(login_tickets_test, a_platform_that_is_away_leaves_the_sms) {
  where.login_qr = [](const std::string&) { return errc::unavailable; };
  auto answer = desk.post("/api/v1/login/tickets");
  EXPECT_EQ(answer.status, 503);
  EXPECT_TRUE(contains(answer.body, "短信验证码"));
}

TEST_F(login_tickets_test, addresses_ask_only_so_often) {
  where.how.login_tickets_per_hour = 2;
  where.rebuild();
  create();
  create();
  EXPECT_EQ(code_of(desk.post("/api/v1/login/tickets")), "RATE_LIMITED");
}

TEST_F(login_tickets_test, tickets_lead_to_our_own_pages_only) {
  EXPECT_EQ(
    desk.post("/api/v1/login/tickets", {{"to", "//evil.example"}}).status, 422);
}

TEST_F(login_tickets_test, no_secret_is_stored) {
  create();
  scan("openid-1");
  phone.post(target + "/confirm");
  poll();
  auto rows = where.sql_text(
    "SELECT CAST(json_agg(t) AS text) || (SELECT CAST(json_agg(s) AS text) "
    "FROM session s) FROM login_ticket t");
  EXPECT_EQ(rows.find(desk.cookies.at("__Host-zhiku_browser")),
            std::string::npos);
  EXPECT_EQ(rows.find(desk.cookies.at("__Host-zhiku_session")),
            std::string::npos);
}

// --- pages -------------------------------------------------------------------

TEST_F(login_tickets_test, the_phone_sees_what_it_confirms) {
  desk.headers.clear();
  desk.headers.emplace("User-Agent", chrome);
  create();
  scan("openid-1");
  auto answer = phone.get(page_target());
  EXPECT_EQ(answer.status, 200);
  for (auto part : {"Chrome 浏览器，Windows 系统", "10.0.0.*",
                    "2026-11-23 16:00", "确认登录", "这不是我"})
    EXPECT_TRUE(contains(answer.body, part)) << part;
  EXPECT_FALSE(contains(answer.body, "10.0.0.1"));
}

TEST_F(login_tickets_test, nobody_else_sees_what_is_confirmed) {
  create();
  scan("openid-1");
  browser other{where, guest_login("openid-2")};
  auto answer = other.get(page_target());
  EXPECT_EQ(answer.status, 404);
  EXPECT_FALSE(contains(answer.body, "Chrome"));
}

// Edge 19, 20: a page without data that leads to a login, and on.
TEST_F(login_tickets_test, the_page_asks_for_a_login) {
  create();
  auto answer = browser{where}.get(page_target());
  EXPECT_EQ(answer.status, 302);
  EXPECT_EQ(header_of(answer, "Location"),
            "/wechat/enter?to=" + percent_encode(page_target()));
  browser left_open = phone;
  phone.send("PUT", "/api/v1/me/active-identity",
             R"({"identity":"PROJECT_LEADER"})");
  EXPECT_EQ(left_open.get(page_target()).status, 302);
  phone.post("/api/v1/logout");
  EXPECT_EQ(phone.get(page_target()).status, 302);
}

TEST_F(login_tickets_test, pages_run_their_own_script_only) {
  auto answer = browser{where}.get("/login?to=/pc/%22%3E%3Cb%3E");
  EXPECT_EQ(answer.status, 200);
  auto begin = answer.body.find("<script>") + 8;
  auto script =
    answer.body.substr(begin, answer.body.find("</script>") - begin);
  EXPECT_TRUE(contains(header_of(answer, "Content-Security-Policy"),
                       "script-src 'sha256-" + to_base64(sha256(script)) + "'"))
    << header_of(answer, "Content-Security-Policy");
  EXPECT_TRUE(contains(answer.body, "data-to=\"/pc/&quot;&gt;&lt;b&gt;\""));
}

TEST_F(login_tickets_test, the_page_goes_on_to_our_own_pages_only) {
  auto answer = browser{where}.get("/login?to=//evil.example");
  EXPECT_TRUE(contains(answer.body, "data-to=\"/\""));
}
