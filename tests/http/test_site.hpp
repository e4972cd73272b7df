#pragma once
// The whole API over a real database and a fake gateway, with browsers that
// keep cookies.

#include "fake_gateway.hpp"
#include "tests/support/test_database.hpp"

#include "base/random.hpp"
#include "http/api.hpp"
#include "http/cookies.hpp"

#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

#include <future>

namespace zhiku::http::test {

using domain::errc;
using domain::json;

inline constexpr auto some_id = "01936a2b-0000-7000-8000-0123456789ab";
inline constexpr auto callback_token = "callbacktoken";

/// What a platform would answer to a code.
using exchange_script =
  std::function<domain::result<oauth_person>(const std::string& code)>;

class site {
public:
  site()
      : readers{database.dsn(), 2}, keys{{{{"k1", std::string(32, 'w')}},
                                          "k1",
                                          std::string(32, 'l')}},
        callback{*wechat::callback::of(
          {"wxappid", callback_token, wechat::push_mode::plain, "", ""})},
        sessions{gateway, readers, settings().sessions} {
    rebuild();
  }

  /// Starts the API anew, as a restarted node would.
  void rebuild() {
    registry = std::make_shared<prometheus::Registry>();
    api_dependencies with{gateway,
                          readers,
                          keys,
                          callback,
                          how,
                          [this](const std::string& code, const auto& done) {
                            done(exchange(code));
                          },
                          [] {
                            return readiness{true, {{"backlog", 0}}};
                          },
                          [this] {
                            return prometheus::TextSerializer{}.Serialize(
                              registry->Collect());
                          },
                          registry};
    with.login_exchange = [this](const std::string& code, const auto& done) {
      done(exchange(code));
    };
    with.make_login_qr = [this](const std::string& scene, auto,
                                const auto& done) { done(login_qr(scene)); };
    with.jsapi_ticket = [this](const auto& done) { done(ticket); };
    with.known_source = known_source;
    with.on_receipts = [this](soci::session&, const auto& all) {
      for (const auto& one : all)
        on_receipt(one);
    };
    with.on_consent = [this](soci::session&, const consent& one) {
      consents.push_back(one);
    };
    with.send_later = [this](const std::string& openid,
                             const std::string& text) {
      sent_later.emplace_back(openid, text);
    };
    handle = make_api(std::move(with));
  }

  void fresh() {
    gateway.script.clear();
    gateway.orders.clear();
    gateway.full = false;
    gateway.slow = false;
    how = settings();
    login_qr = [](const std::string& scene) {
      return "http://weixin.example/q/" + scene;
    };
    ticket = std::string{"jsapi-ticket"};
    known_source = {};
    receipts.clear();
    on_receipt = [this](const receipt& one) { receipts.push_back(one); };
    consents.clear();
    sent_later.clear();
    gateway.clock = *domain::instant_of("2026-11-23T08:00:00Z");
    exchange = [](const std::string&) { return oauth_person{"openid-1"}; };
    sql("TRUNCATE session, oauth_state, staff, wechat_push, wechat_follower, "
        "person, review_case, exam_plan, draft, exam_session, expert, "
        "notification, effect, login_ticket, wechat_unionid, receipt "
        "CASCADE");
    rebuild();
  }

  void sql(const std::string& statement) {
    auto done =
      readers.run([&](soci::session& session) { session << statement; });
    ASSERT_TRUE(done) << statement;
  }

  std::string sql_text(const std::string& query) {
    std::string text;
    auto done = readers.run(
      [&](soci::session& session) { session << query, soci::into(text); });
    EXPECT_TRUE(done) << query;
    return text;
  }

  response ask(request asked) {
    response got;
    int answers = 0;
    ask(std::move(asked), [&](response answer) {
      got = std::move(answer);
      ++answers;
    });
    EXPECT_EQ(answers, 1);
    return got;
  }

  /// The same for answers that may come later.
  void ask(request asked, std::function<void(response)> done) {
    asked.id = "req-1";
    asked.path = asked.target.substr(0, asked.target.find('?'));
    if (auto mark = asked.target.find('?'); mark != std::string::npos)
      asked.query =
        parse_query(std::string_view{asked.target}.substr(mark + 1));
    if (asked.remote_address.empty())
      asked.remote_address = "10.0.0.1";
    handle(std::move(asked), responder{std::move(done)});
  }

  /// Staff get their account too, with those roles.
  issued_session open(session who) {
    if (!who.staff_id.empty())
      sql("INSERT INTO staff (id, login, name, password_hash, roles) VALUES ('"
          + who.staff_id + "', '" + who.staff_id + "', '王五', '-', '"
          + json(who.roles).dump()
          + "') ON CONFLICT (id) DO UPDATE SET roles = excluded.roles");
    auto issued = sessions.open(std::move(who));
    EXPECT_TRUE(issued);
    return *issued;
  }

  static api_settings settings() {
    api_settings made;
    made.public_base_url = "https://zhiku.example";
    made.internal_is_open = true;
    made.wechat_app_id = "wxappid";
    made.wechat_open_base = "https://open.example";
    return made;
  }

  zhiku::test::test_database database;
  fake_gateway gateway;
  persistence::pool readers;
  persistence::vault keys;
  wechat::callback callback;
  session_store sessions;
  api_settings how = settings(); ///< changed by a test, then `rebuild`
  exchange_script exchange;
  std::function<domain::result<std::string>(const std::string& scene)> login_qr;
  domain::result<std::string> ticket{std::string{}};
  std::function<void(const receipt&)> on_receipt;
  std::function<bool(const std::string& address)> known_source;
  std::vector<receipt> receipts;
  std::vector<consent> consents;
  std::vector<std::pair<std::string, std::string>> sent_later;
  std::shared_ptr<prometheus::Registry> registry;
  handler handle;
};

/// One for the whole program: a database is slow to make.
inline site& the_site() {
  static site shared;
  return shared;
}

inline session person_login(std::string applicant_id = some_id,
                            std::string channel = "PC") {
  session who;
  who.kind = "PERSON";
  who.channel = std::move(channel);
  who.applicant_id = std::move(applicant_id);
  return who;
}

inline session guest_login(std::string openid = "openid-1") {
  auto who = person_login("", "WECHAT");
  who.openid = std::move(openid);
  return who;
}

inline session staff_login(std::vector<std::string> roles) {
  session who;
  who.kind = "STAFF";
  who.channel = "STAFF";
  who.staff_id = "staff-1";
  who.roles = std::move(roles);
  return who;
}

inline std::vector<std::string> headers_of(const response& answer,
                                           std::string_view name) {
  std::vector<std::string> values;
  for (const auto& [known, value] : answer.headers)
    if (equal_ignoring_case(known, name))
      values.push_back(value);
  return values;
}

inline std::string header_of(const response& answer, std::string_view name) {
  auto values = headers_of(answer, name);
  return values.empty() ? std::string{} : values.front();
}

inline std::string code_of(const response& answer) {
  auto document = json::parse(answer.body, nullptr, false);
  return document.is_object() ? document.value("code", "") : std::string{};
}

/// Keeps cookies and shows the CSRF secret, as the pages do.
class browser {
public:
  explicit browser(site& where) : where_(where) {
    // nop
  }

  browser(site& where, session who) : where_(where) {
    auto issued = where.open(std::move(who));
    cookies["__Host-zhiku_session"] = issued.token;
    cookies["__Host-zhiku_csrf"] = issued.csrf;
  }

  response get(std::string target) {
    return send("GET", std::move(target), "");
  }

  response post(std::string target, const json& body = json::object()) {
    return send("POST", std::move(target), body.dump());
  }

  response send(std::string method, std::string target, std::string body) {
    auto answer = where_.ask(
      outline(std::move(method), std::move(target), std::move(body)));
    for (const auto& cookie : headers_of(answer, "Set-Cookie"))
      keep(cookie);
    return answer;
  }

  /// The request as this browser would make it.
  request outline(std::string method, std::string target, std::string body) {
    request asked;
    asked.method = std::move(method);
    asked.target = std::move(target);
    asked.body = std::move(body);
    asked.headers = headers;
    asked.headers.emplace("Content-Type", "application/json");
    std::string jar;
    for (const auto& [name, value] : cookies)
      jar += (jar.empty() ? "" : "; ") + name + "=" + value;
    asked.headers.emplace("Cookie", jar);
    if (cookies.contains("__Host-zhiku_csrf"))
      asked.headers.emplace("X-CSRF-Token", cookies["__Host-zhiku_csrf"]);
    return asked;
  }

  std::map<std::string, std::string> cookies;
  header_map headers;

private:
  void keep(const std::string& cookie) {
    auto equals = cookie.find('=');
    auto name = cookie.substr(0, equals);
    auto value = cookie.substr(equals + 1, cookie.find(';') - equals - 1);
    if (value.empty())
      cookies.erase(name);
    else
      cookies[name] = value;
  }

  site& where_;
};

/// Each test begins with empty tables and a silent gateway.
class site_test : public testing::Test {
protected:
  site_test() {
    where.fresh();
  }

  site& where = the_site();
  fake_gateway& gateway = where.gateway;
};

} // namespace zhiku::http::test
