// Who may call what: the whole table against every kind of login.

#include "test_site.hpp"

#include "http/api/routes.hpp"

#include <set>

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

class access_test : public site_test {
protected:
  json machine_description() {
    return json::parse(browser{where}.get("/openapi.json").body);
  }
};

std::string target_of(std::string path) {
  for (auto [mark, value] : {std::pair{"{id}", some_id},
                             {"{n}", "1"},
                             {"{pool}", "BID"},
                             {"{path}", "x"}})
    if (auto at = path.find(mark); at != std::string::npos)
      path.replace(at, std::string_view{mark}.size(), value);
  return path;
}

/// A login by a word: "guest", "person", or "staff ROLE".
session login_named(const std::string& name) {
  if (name == "guest")
    return guest_login();
  if (name == "person")
    return person_login();
  return staff_login({name.substr(6)});
}

bool is_admitted(const std::string& access, const std::string& login) {
  if (access == "anyone" || access == "internal" || access == "platform"
      || access == "login")
    return true;
  if (access == "guest")
    return login == "guest" || login == "person";
  if (access == "person")
    return login == "person";
  return login.starts_with("staff ")
         && (access + " ").find(" " + login.substr(6) + " ")
              != std::string::npos;
}

const std::vector<std::string> logins{
  "guest",          "person",           "staff ACCEPTOR",   "staff CHECKER",
  "staff APPROVER", "staff EXAM_ADMIN", "staff POOL_ADMIN", "staff AUDITOR"};

std::string upper(std::string text) {
  for (auto& ch : text)
    ch = static_cast<char>(std::toupper(static_cast<unsigned char>(ch)));
  return text;
}

} // namespace

TEST_F(access_test, every_route_keeps_out_whom_it_must) {
  auto paths = machine_description().at("paths");
  int checked = 0;
  for (const auto& [path, operations] : paths.items()) {
    for (const auto& [method, operation] : operations.items()) {
      auto access = operation.at("x-access").get<std::string>();
      for (const auto& login : logins) {
        browser someone{where, login_named(login)};
        auto answer = someone.send(upper(method), target_of(path), "{}");
        auto context = method + " " + path + " as " + login;
        EXPECT_NE(answer.status, 401) << context;
        EXPECT_EQ(code_of(answer) == "FORBIDDEN", !is_admitted(access, login))
          << context;
        ++checked;
      }
    }
  }
  EXPECT_GT(checked, 300);
}

TEST_F(access_test, nobody_without_a_login_gets_past_the_door) {
  auto paths = machine_description().at("paths");
  for (const auto& [path, operations] : paths.items()) {
    for (const auto& [method, operation] : operations.items()) {
      auto access = operation.at("x-access").get<std::string>();
      auto open =
        access == "anyone" || access == "internal" || access == "platform";
      browser stranger{where};
      auto answer = stranger.send(upper(method), target_of(path), "{}");
      auto led = header_of(answer, "Location").starts_with("/wechat/enter?to=");
      EXPECT_EQ(answer.status == 401 || led, !open) << method << " " << path;
    }
  }
}

TEST_F(access_test, forged_and_foreign_tokens_are_no_login) {
  browser forger{where};
  for (const auto& token :
       {std::string{"x"}, std::string(43, 'A'), std::string(4000, 'A')}) {
    forger.cookies["__Host-zhiku_session"] = token;
    EXPECT_EQ(forger.get("/api/v1/me").status, 401) << token.size();
  }
}

TEST_F(access_test, cookie_writes_need_their_csrf_secret) {
  browser someone{where, person_login()};
  auto right = someone.cookies["__Host-zhiku_csrf"];
  someone.cookies.erase("__Host-zhiku_csrf");
  EXPECT_EQ(code_of(someone.post("/api/v1/drafts", {{"form", json::object()}})),
            "CSRF_FAILED");
  someone.cookies["__Host-zhiku_csrf"] = std::string(43, 'x');
  EXPECT_EQ(code_of(someone.post("/api/v1/drafts", {{"form", json::object()}})),
            "CSRF_FAILED");
  EXPECT_TRUE(gateway.orders.empty());
  someone.cookies["__Host-zhiku_csrf"] = right;
  EXPECT_EQ(someone.post("/api/v1/drafts", {{"form", json::object()}}).status,
            201);
}

TEST_F(access_test, another_sessions_csrf_secret_does_not_do) {
  browser victim{where, person_login()};
  browser thief{where, person_login("01936a2b-0000-7000-8000-0123456789ac")};
  victim.cookies["__Host-zhiku_csrf"] = thief.cookies["__Host-zhiku_csrf"];
  EXPECT_EQ(code_of(victim.post("/api/v1/drafts", {{"form", json::object()}})),
            "CSRF_FAILED");
}

// Edge 57.
TEST_F(access_test, a_switch_of_identity_is_told_to_all_tabs) {
  browser tab{where, person_login()};
  browser old_client = tab; // keeps the old token
  auto old_secret = tab.cookies.at("__Host-zhiku_csrf");
  EXPECT_EQ(tab
              .send("PUT", "/api/v1/me/active-identity",
                    R"({"identity":"PROJECT_LEADER"})")
              .status,
            200);
  EXPECT_EQ(code_of(old_client.get("/api/v1/exams")), "IDENTITY_CHANGED");
  EXPECT_EQ(old_client.get("/api/v1/exams").status, 401);
  // A tab left open shares the new cookie, but shows the secret it knew.
  browser old_tab = tab;
  old_tab.cookies["__Host-zhiku_csrf"] = old_secret;
  EXPECT_EQ(code_of(old_tab.post("/api/v1/drafts", {{"form", json::object()}})),
            "IDENTITY_CHANGED");
  EXPECT_EQ(tab.post("/api/v1/drafts", {{"form", json::object()}}).status, 201);
  EXPECT_EQ(tab.post("/api/v1/logout").status, 200);
  EXPECT_EQ(code_of(tab.get("/api/v1/exams")), "NOT_AUTHENTICATED");
}

TEST_F(access_test, bearer_tokens_need_none) {
  auto issued = where.open(person_login());
  browser client{where};
  client.headers.emplace("Authorization", "Bearer " + issued.token);
  EXPECT_EQ(client.post("/api/v1/drafts", {{"form", json::object()}}).status,
            201);
}

TEST_F(access_test, idle_and_old_sessions_end) {
  browser someone{where, guest_login()};
  gateway.clock += std::chrono::minutes{29};
  EXPECT_EQ(someone.get("/api/v1/me").status, 200);
  gateway.clock += std::chrono::minutes{29};
  EXPECT_EQ(someone.get("/api/v1/me").status, 200);
  gateway.clock += std::chrono::minutes{30};
  EXPECT_EQ(someone.get("/api/v1/me").status, 401);

  browser busy{where, guest_login()};
  for (int i = 0; i < 12 * 3 - 1; ++i) {
    gateway.clock += std::chrono::minutes{20};
    EXPECT_EQ(busy.get("/api/v1/me").status, 200) << i;
  }
  gateway.clock += std::chrono::minutes{20};
  EXPECT_EQ(busy.get("/api/v1/me").status, 401);
}

TEST_F(access_test, logout_counts_at_once) {
  browser someone{where, guest_login()};
  auto token = someone.cookies["__Host-zhiku_session"];
  EXPECT_EQ(someone.get("/api/v1/me").status, 200);
  EXPECT_EQ(someone.post("/api/v1/logout").status, 200);
  EXPECT_FALSE(someone.cookies.contains("__Host-zhiku_session"));
  someone.cookies["__Host-zhiku_session"] = token;
  EXPECT_EQ(someone.get("/api/v1/me").status, 401);
}

TEST_F(access_test, logout_everywhere_ends_all_of_one_person) {
  gateway.script["view"] = [](const auto&) {
    return fake_gateway::replies({{"name", "张三"}, {"phone", "13800000000"}});
  };
  browser phone{where, person_login()};
  browser desk{where, person_login()};
  browser other{where, person_login("01936a2b-0000-7000-8000-0123456789ac")};
  EXPECT_EQ(desk.get("/api/v1/me").status, 200);
  EXPECT_EQ(phone.post("/api/v1/logout-all").status, 200);
  EXPECT_EQ(desk.get("/api/v1/me").status, 401);
  EXPECT_EQ(other.get("/api/v1/me").status, 200);
}

TEST_F(access_test, busy_sessions_cost_no_sql) {
  browser someone{where, person_login()};
  someone.get("/api/v1/exams/" + std::string{some_id});
  gateway.full = true; // no read can be had any more
  EXPECT_EQ(someone.get("/api/v1/exams/" + std::string{some_id}).status, 200);
  gateway.clock += std::chrono::seconds{6};
  auto answer = someone.get("/api/v1/exams/" + std::string{some_id});
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(header_of(answer, "Retry-After"), "1");
}

TEST_F(access_test, description_lists_every_route) {
  auto document = machine_description();
  EXPECT_EQ(document.at("openapi"), "3.1.0");
  services shared{{gateway,
                   where.readers,
                   where.keys,
                   where.callback,
                   site::settings(),
                   {},
                   {},
                   {},
                   where.registry}};
  std::set<std::string> ids;
  for (const auto& [path, operations] : document.at("paths").items()) {
    for (const auto& [method, operation] : operations.items()) {
      ids.insert(operation.at("operationId").get<std::string>());
      EXPECT_FALSE(operation.at("summary").get<std::string>().empty());
      EXPECT_FALSE(operation.at("responses").empty());
      if (operation.at("operationId") == "loginStaff") {
        EXPECT_TRUE(operation.at("responses").contains("401"));
      }
      for (const auto& parameter : operation.at("parameters")) {
        auto mark = "{" + parameter.at("name").get<std::string>() + "}";
        EXPECT_EQ(parameter.at("in") == "path",
                  path.find(mark) != std::string::npos)
          << path << " " << mark;
      }
    }
  }
  for (const auto& one : all_routes(shared))
    EXPECT_TRUE(ids.contains(one.id)) << one.id;
}

TEST_F(access_test, answers_are_guarded_and_kept_by_nobody) {
  for (const auto* target : {"/api/v1/me", "/nothing", "/h5/", "/"}) {
    auto answer = browser{where}.get(target);
    EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(answer, "Referrer-Policy"), "no-referrer");
    EXPECT_NE(header_of(answer, "Content-Security-Policy")
                .find("frame-ancestors 'none'"),
              std::string::npos);
  }
}

TEST_F(access_test, unknown_paths_and_methods_are_told_apart) {
  EXPECT_EQ(browser{where}.get("/api/v1/nothing").status, 404);
  auto answer = browser{where}.send("PATCH", "/api/v1/drafts", "");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(code_of(answer), "METHOD_NOT_ALLOWED");
  EXPECT_EQ(header_of(answer, "Allow"), "GET, HEAD, POST");
}

TEST_F(access_test, whoever_follows_a_link_is_shown_a_page) {
  browser visitor{where};
  visitor.headers.emplace("Accept", "text/html,application/xhtml+xml");
  auto lost = visitor.get("/nothing/<script>");
  EXPECT_EQ(lost.status, 404);
  EXPECT_EQ(header_of(lost, "Content-Type"), "text/html; charset=utf-8");
  EXPECT_NE(lost.body.find("没有找到您要的内容"), std::string::npos);
  EXPECT_NE(lost.body.find("href=\"/\""), std::string::npos);
  EXPECT_EQ(lost.body.find("<script>"), std::string::npos);
  auto elsewhere = visitor.get("/wechat/enter?to=https://evil.example");
  EXPECT_EQ(elsewhere.status, 422);
  EXPECT_NE(elsewhere.body.find("只能前往本站页面"), std::string::npos);
  gateway.full = true;
  auto busy = visitor.get("/wechat/enter");
  EXPECT_EQ(busy.status, 503);
  EXPECT_EQ(header_of(busy, "Retry-After"), "1");
  EXPECT_NE(busy.body.find("请稍候片刻"), std::string::npos);
  EXPECT_EQ(code_of(visitor.get("/api/v1/nothing")), "NOT_FOUND");
}

TEST_F(access_test, operations_are_closed_to_strangers) {
  const auto internal = {"/metrics", "/docs", "/openapi.json"};
  where.how.internal_is_open = false;
  where.rebuild();
  for (auto path : internal)
    EXPECT_EQ(code_of(browser{where}.get(path)), "NOT_FOUND") << path;
  EXPECT_EQ(json::parse(browser{where}.get("/readyz").body),
            (json{{"ready", true}}));
}

TEST_F(access_test, operations_open_to_the_token_alone) {
  where.how.internal_token = "a-token-of-twenty-four-or-more";
  where.rebuild(); // the token rules even where they would be open
  browser operator_of_ours{where};
  operator_of_ours.headers.emplace("Authorization",
                                   "Bearer a-token-of-twenty-four-or-more");
  browser guesser{where};
  guesser.headers.emplace("Authorization",
                          "Bearer a-token-of-twenty-four-or-less");
  for (auto path : {"/metrics", "/docs", "/openapi.json"}) {
    EXPECT_EQ(operator_of_ours.get(path).status, 200) << path;
    EXPECT_EQ(guesser.get(path).status, 404) << path;
    EXPECT_EQ(browser{where}.get(path).status, 404) << path;
  }
  EXPECT_TRUE(
    json::parse(operator_of_ours.get("/readyz").body).contains("backlog"));
  EXPECT_FALSE(json::parse(guesser.get("/readyz").body).contains("backlog"));
}

// ASVS 3.4: on every answer, whoever makes it.
TEST_F(access_test, every_answer_carries_the_security_headers) {
  where.how.secure_cookies = true;
  where.rebuild();
  auto missing = error_renderer(true)(431);
  for (const auto& answer :
       {browser{where}.get("/healthz"), browser{where}.get("/api/v1/me"),
        browser{where}.get("/nothing/here"), missing}) {
    EXPECT_EQ(header_of(answer, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(answer, "Strict-Transport-Security"),
              "max-age=31536000; includeSubDomains");
    EXPECT_NE(header_of(answer, "Content-Security-Policy")
                .find("frame-ancestors 'none'"),
              std::string::npos);
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
  }
}

TEST_F(access_test, operations_answer_without_login) {
  EXPECT_EQ(browser{where}.get("/healthz").status, 200);
  EXPECT_EQ(json::parse(browser{where}.get("/readyz").body).at("ready"), true);
  auto metrics = browser{where}.get("/metrics").body;
  EXPECT_NE(metrics.find("zhiku_http_requests_total{operation=\"health\","
                         "status=\"200\"} 1"),
            std::string::npos);
  EXPECT_NE(browser{where}.get("/docs").body.find("/api/v1/drafts/{id}"),
            std::string::npos);
}
