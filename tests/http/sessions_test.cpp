// What becomes of logins: renewed when they may do something else, seen and
// ended by their holders, read anew for staff. Against a real PostgreSQL.

#include "test_site.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

constexpr auto other_id = "01936a2b-0000-7000-8000-0123456789ac";

class sessions_test : public site_test {
protected:
  sessions_test() {
    gateway.script["verify_code"] = [](const auto&) {
      return fake_gateway::replies(json::object());
    };
    gateway.script["register"] = [](const auto&) {
      return fake_gateway::replies({{"applicant_id", some_id}});
    };
    gateway.script["switch_identity"] = [](const auto& order) {
      return fake_gateway::replies(
        {{"active_identity", order.what.data.at("identity")}});
    };
    gateway.script["view"] = [](const auto&) {
      return fake_gateway::replies(
        {{"name", "张三"}, {"phone", "13800000000"}});
    };
  }

  response identify(browser& who, const std::string& key = "") {
    return with_key(who, "POST", "/api/v1/me/identities",
                    {{"identity", "EXPERT_APPLICANT"},
                     {"name", "张三"},
                     {"mobile", "13800000000"},
                     {"sms_code", "123456"},
                     {"privacy_ack", true},
                     {"privacy_version", "1"}},
                    key);
  }

  response switch_identity(browser& who, const std::string& key = "") {
    return with_key(who, "PUT", "/api/v1/me/active-identity",
                    {{"identity", "PROJECT_LEADER"}}, key);
  }

  std::string live_sessions() {
    return where.sql_text("SELECT CAST(count(*) AS text) FROM session "
                          "WHERE revoked_at IS NULL");
  }

private:
  response with_key(browser& who, std::string method, std::string path,
                    const json& body, const std::string& key) {
    auto before = who.headers;
    if (!key.empty())
      who.headers.emplace("Idempotency-Key", key);
    auto answer = who.send(std::move(method), std::move(path), body.dump());
    who.headers = before;
    return answer;
  }
};

json body_of(const response& answer) {
  return json::parse(answer.body);
}

} // namespace

// --- renewed (I-2, I-6, X7, edge 57) -----------------------------------------

TEST_F(sessions_test, who_becomes_somebody_gets_a_new_token) {
  browser guest{where, guest_login()};
  auto old = guest.cookies;
  auto answer = identify(guest);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(guest.cookies["__Host-zhiku_session"], old["__Host-zhiku_session"]);
  EXPECT_EQ(body_of(guest.get("/api/v1/me")).at("identified"), true);
  browser thief{where};
  thief.cookies = old;
  EXPECT_EQ(thief.get("/api/v1/me").status, 401);
}

TEST_F(sessions_test, a_lost_answer_is_given_again_to_the_same_request) {
  browser guest{where, guest_login()};
  auto old = guest.cookies;
  identify(guest, "key-1");
  auto token = guest.cookies["__Host-zhiku_session"];
  auto orders = gateway.orders.size();
  browser again{where};
  again.cookies = old;
  auto answer = identify(again, "key-1");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(again.cookies["__Host-zhiku_session"], token);
  EXPECT_EQ(body_of(answer).at("applicant_id"), some_id);
  EXPECT_EQ(gateway.orders.size(), orders) << "nothing is proven anew";
}

TEST_F(sessions_test, an_old_token_opens_nothing_else) {
  browser guest{where, guest_login()};
  auto old = guest.cookies;
  identify(guest, "key-1");
  auto orders = gateway.orders.size();
  browser thief{where};
  thief.cookies = old;
  EXPECT_EQ(identify(thief, "key-2").status, 401);
  EXPECT_EQ(identify(thief).status, 401);
  EXPECT_EQ(gateway.orders.size(), orders);
  EXPECT_EQ(live_sessions(), "1");
}

TEST_F(sessions_test, an_ended_login_gives_no_answer_again) {
  browser guest{where, guest_login()};
  auto old = guest.cookies;
  identify(guest, "key-1");
  guest.post("/api/v1/logout");
  browser again{where};
  again.cookies = old;
  EXPECT_EQ(identify(again, "key-1").status, 401);
  EXPECT_EQ(live_sessions(), "0");
}

TEST_F(sessions_test, x7_a_switch_ends_the_logins_on_other_devices) {
  browser phone{where, person_login(some_id, "WECHAT")};
  browser desk{where, person_login()};
  browser other{where, person_login(other_id)};
  EXPECT_EQ(desk.get("/api/v1/me").status, 200);
  ASSERT_EQ(switch_identity(phone).status, 200);
  EXPECT_EQ(phone.get("/api/v1/me").status, 200);
  EXPECT_EQ(code_of(desk.get("/api/v1/me")), "IDENTITY_CHANGED");
  EXPECT_EQ(other.get("/api/v1/me").status, 200);
}

TEST_F(sessions_test, x7_six_switches_leave_one_login) {
  browser someone{where, person_login()};
  auto old = someone.cookies;
  for (int i = 0; i < 6; ++i) {
    browser tab{where};
    tab.cookies = old;
    auto answer = switch_identity(tab, "key-" + std::to_string(i));
    EXPECT_EQ(answer.status, i == 0 ? 200 : 401);
    EXPECT_EQ(code_of(answer), i == 0 ? "" : "IDENTITY_CHANGED");
  }
  EXPECT_EQ(live_sessions(), "1");
}

TEST_F(sessions_test, no_switch_renews_the_absolute_limit) {
  browser someone{where, person_login()};
  int steps = 0;
  for (; switch_identity(someone).status == 200 && steps < 100; ++steps)
    gateway.clock += std::chrono::minutes{20};
  EXPECT_EQ(steps, 12 * 3); // twelve hours
}

TEST_F(sessions_test, a_bearer_client_gets_its_new_token) {
  auto issued = where.open(person_login());
  browser client{where};
  client.headers.emplace("Authorization", "Bearer " + issued.token);
  auto answer = body_of(switch_identity(client));
  EXPECT_NE(answer.at("token"), issued.token);
  EXPECT_FALSE(answer.contains("csrf_token"));
  browser renewed{where};
  renewed.headers.emplace("Authorization",
                          "Bearer " + answer.at("token").get<std::string>());
  EXPECT_EQ(renewed.get("/api/v1/me").status, 200);
  EXPECT_EQ(client.get("/api/v1/me").status, 401);
}

TEST_F(sessions_test, a_login_by_sms_ends_the_one_it_replaces) {
  where.sql("INSERT INTO person (id, identities, phone_hash, reachable, "
            "openid, created_at) VALUES ('"
            + std::string{some_id} + "', '[]', '"
            + where.keys.lookup_hash("13800000000")
            + "', true, 'openid-1', now())");
  browser desk{where, person_login(other_id)};
  auto old = desk.cookies;
  auto answer = desk.post("/api/v1/login/sms",
                          {{"mobile", "13800000000"}, {"sms_code", "123456"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  browser thief{where};
  thief.cookies = old;
  EXPECT_EQ(thief.get("/api/v1/me").status, 401);
  EXPECT_EQ(desk.get("/api/v1/me").status, 200);
}

// --- seen and ended ----------------------------------------------------------

TEST_F(sessions_test, people_see_their_own_logins) {
  auto phone = person_login(some_id, "WECHAT");
  phone.device = "微信内置浏览器，安卓系统";
  phone.network = "203.0.113.*";
  where.open(phone);
  where.open(person_login(other_id));
  browser desk{where, person_login()};
  auto items = body_of(desk.get("/api/v1/me/sessions")).at("items");
  ASSERT_EQ(items.size(), 2u) << items;
  auto& own = items[items[0].at("current") ? 0 : 1];
  auto& elsewhere = items[items[0].at("current") ? 1 : 0];
  EXPECT_EQ(own.at("current"), true);
  EXPECT_EQ(elsewhere.at("current"), false);
  EXPECT_EQ(elsewhere.at("channel"), "WECHAT");
  EXPECT_EQ(elsewhere.at("device"), phone.device);
  EXPECT_EQ(elsewhere.at("network"), phone.network);
  EXPECT_EQ(elsewhere.at("created_at"), "2026-11-23T08:00:00Z");
  EXPECT_FALSE(elsewhere.contains("token_hash"));
}

TEST_F(sessions_test, people_end_their_own_logins_and_no_others) {
  browser phone{where, person_login(some_id, "WECHAT")};
  browser desk{where, person_login()};
  browser stranger{where, person_login(other_id)};
  EXPECT_EQ(phone.get("/api/v1/me").status, 200);
  auto items = body_of(desk.get("/api/v1/me/sessions")).at("items");
  auto id = items[items[0].at("current") ? 1 : 0].at("id").get<std::string>();
  auto path = "/api/v1/me/sessions/" + id;
  EXPECT_EQ(stranger.send("DELETE", path, "").status, 404);
  EXPECT_EQ(phone.get("/api/v1/me").status, 200);
  EXPECT_EQ(desk.send("DELETE", path, "").status, 200);
  EXPECT_EQ(phone.get("/api/v1/me").status, 401);
  EXPECT_EQ(desk.get("/api/v1/me").status, 200);
  EXPECT_EQ(desk.send("DELETE", path, "").status, 404);
}

TEST_F(sessions_test, a_visitor_sees_the_one_login) {
  where.open(guest_login("openid-2"));
  browser guest{where, guest_login()};
  auto items = body_of(guest.get("/api/v1/me/sessions")).at("items");
  ASSERT_EQ(items.size(), 1u);
  EXPECT_EQ(items[0].at("current"), true);
}

// --- staff rights are read anew ----------------------------------------------

TEST_F(sessions_test, changed_roles_count_within_a_second) {
  browser someone{where, staff_login({"POOL_ADMIN"})};
  auto admitted = [&] {
    return code_of(someone.get("/api/v1/review/cases")) != "FORBIDDEN";
  };
  where.sql("UPDATE staff SET roles = '[\"ACCEPTOR\"]'");
  gateway.clock += std::chrono::seconds{1};
  EXPECT_TRUE(admitted());
  where.sql("UPDATE staff SET roles = '[]'");
  gateway.clock += std::chrono::seconds{1};
  EXPECT_FALSE(admitted());
}

TEST_F(sessions_test, a_disabled_account_is_out_within_a_second) {
  browser someone{where, staff_login({"ACCEPTOR"})};
  EXPECT_EQ(someone.get("/api/v1/me").status, 200);
  where.sql("UPDATE staff SET disabled_at = now()");
  gateway.clock += std::chrono::seconds{1};
  EXPECT_EQ(someone.get("/api/v1/me").status, 401);
}

TEST_F(sessions_test, a_new_password_ends_the_logins_before_it) {
  browser someone{where, staff_login({"ACCEPTOR"})};
  EXPECT_EQ(someone.get("/api/v1/me").status, 200);
  where.sql("UPDATE staff SET sessions_from = '2026-11-23T08:00:01Z'");
  gateway.clock += std::chrono::seconds{1};
  EXPECT_EQ(someone.get("/api/v1/me").status, 401);
  EXPECT_EQ(
    (browser{where, staff_login({"ACCEPTOR"})}.get("/api/v1/me").status), 200);
}
