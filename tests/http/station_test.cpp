// The stations of a person's and of the staff's way, against a fake gateway:
// who is named to the deciders, what reaches them, what comes out.

#include "test_site.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "http/password.hpp"
#include "persistence/queries/staff.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

class station_test : public site_test {
protected:
  const actors::order& last_order() {
    return gateway.orders.back();
  }

  void add_staff(const std::string& login, const std::string& password,
                 std::vector<std::string> roles) {
    auto done = where.readers.run([&](soci::session& sql) {
      persistence::put_staff(sql, {"id-" + login, login, "李四",
                                   hash_password(password), std::move(roles),
                                   false});
    });
    ASSERT_TRUE(done);
  }

  void add_person(const std::string& id, const std::string& phone,
                  const std::string& openid) {
    where.sql("INSERT INTO person (id, identities, phone_hash, reachable, "
              "openid, created_at) VALUES ('"
              + id + "', '[]', '" + where.keys.lookup_hash(phone) + "', true, '"
              + openid + "', now())");
  }

  void add_plan(const std::string& id, const std::string& end) {
    where.sql("INSERT INTO exam_plan VALUES ('" + id
              + "', 'plan', 'PUBLISHED', '2026-11-01T00:00:00Z', '" + end
              + "', 5400, 600, '[{\"type\":\"SINGLE\",\"count\":1,"
                "\"tenths\":10}]', 'ALL_OR_NOTHING', now())");
  }
};

const json identity_form{{"identity", "EXPERT_APPLICANT"},
                         {"name", "张三"},
                         {"mobile", "138 0000 0000"},
                         {"sms_code", "123456"},
                         {"privacy_ack", true},
                         {"privacy_version", "1"}};

std::vector<std::string> types_of(const std::vector<actors::order>& orders) {
  std::vector<std::string> types;
  for (const auto& order : orders)
    types.push_back(order.what.type);
  return types;
}

using names = std::vector<std::string>;

} // namespace

// --- SMS codes ---------------------------------------------------------------

TEST_F(station_test, code_goes_to_the_proof_of_its_phone) {
  browser visitor{where};
  auto answer = visitor.post(
    "/api/v1/sms-codes", {{"mobile", "138 0000-0000"}, {"purpose", "LOGIN"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  const auto& order = last_order();
  EXPECT_EQ(order.stream,
            "phone_proof/" + where.keys.lookup_hash("13800000000"));
  EXPECT_EQ(order.what.pii.at("phone"), "13800000000");
  EXPECT_EQ(order.what.data.at("purpose"), "LOGIN");
  EXPECT_EQ(order.what.data.at("binding"),
            token_hash(visitor.cookies.at("__Host-zhiku_browser")));
  // The code in clear is nowhere but in what gets sealed.
  auto code = order.what.pii.at("code").get<std::string>();
  EXPECT_EQ(order.what.data.dump().find(code), std::string::npos);
  EXPECT_EQ(answer.body.find(code), std::string::npos);
}

/// What a browser does for a challenge; plain search, as the pages do it.
std::string solve(const json& set) {
  for (std::int64_t n = 0; n <= set.at("maxnumber"); ++n) {
    auto text = set.at("salt").get<std::string>() + std::to_string(n);
    if (to_hex(sha256(text)) != set.at("challenge"))
      continue;
    return to_base64(json{{"algorithm", set.at("algorithm")},
                          {"challenge", set.at("challenge")},
                          {"number", n},
                          {"salt", set.at("salt")},
                          {"signature", set.at("signature")}}
                       .dump());
  }
  return {};
}

TEST_F(station_test, w30_beyond_its_share_an_address_works_for_codes) {
  json asked{{"mobile", "13800000000"}, {"purpose", "LOGIN"}};
  for (int i = 0; i < 20; ++i)
    EXPECT_EQ(browser{where}.post("/api/v1/sms-codes", asked).status, 200);
  auto answer = browser{where}.post("/api/v1/sms-codes", asked);
  EXPECT_EQ(answer.status, 428);
  EXPECT_EQ(code_of(answer), "WORK_REQUIRED");
  EXPECT_EQ(gateway.orders.size(), 20u);
  auto set = browser{where}.post("/api/v1/sms-codes/challenges",
                                 {{"mobile", "138 0000 0000"}});
  asked["proof"] = solve(json::parse(set.body));
  EXPECT_EQ(browser{where}.post("/api/v1/sms-codes", asked).status, 200);
  EXPECT_EQ(last_order().what.data.at("work").get<std::string>().size(), 32u);
}

TEST_F(station_test, w30_a_v6_network_is_one_asker) {
  for (int i = 0; i <= 20; ++i) {
    request asked =
      browser{where}.outline("POST", "/api/v1/sms-codes",
                             R"({"mobile":"13800000000","purpose":"LOGIN"})");
    asked.remote_address = "2001:db8:1:2::" + std::to_string(i + 1);
    EXPECT_EQ(where.ask(std::move(asked)).status, i < 20 ? 200 : 428) << i;
  }
}

TEST_F(station_test, work_counts_for_the_phone_it_was_set_for) {
  auto set = json::parse(
    browser{where}
      .post("/api/v1/sms-codes/challenges", {{"mobile", "13800000000"}})
      .body);
  auto proof = solve(set);
  auto work_for = [&](const std::string& mobile, const std::string& shown) {
    browser{where}.post(
      "/api/v1/sms-codes",
      {{"mobile", mobile}, {"purpose", "LOGIN"}, {"proof", shown}});
    return last_order().what.data.at("work").get<std::string>();
  };
  EXPECT_NE(work_for("13800000000", proof), "");
  EXPECT_EQ(work_for("13800000001", proof), "") << "another phone";
  auto changed = json::parse(*from_base64(proof));
  changed["number"] = changed.at("number").get<int>() + 1;
  EXPECT_EQ(work_for("13800000000", to_base64(changed.dump())), "");
  // Digits moved from the number into the salt would move the end.
  auto own = set;
  own["signature"] = std::string(64, '0');
  EXPECT_EQ(work_for("13800000000", solve(own)), "") << "not ours";
  for (auto junk : {"x", "bnVsbA==", "W10=", "e30="})
    EXPECT_EQ(work_for("13800000000", junk), "") << junk;
  gateway.clock += std::chrono::minutes{10};
  EXPECT_EQ(work_for("13800000000", proof), "") << "too old";
}

// E29, W29: every spelling of a number is that number.
TEST_F(station_test, e29_every_spelling_meets_the_same_limits) {
  auto stream = "phone_proof/" + where.keys.lookup_hash("19200000001");
  for (auto spelling :
       {"\u202d19200000001\u202c", "\u200e192 0000 0001",
        "+86\u00a019200000001", "1\ufe0d9200000001", "008619200000001",
        "+86-192-0000-0001", "8619200000001", "１９２０００００００１",
        " 192\u20110000\u20110001 "}) {
    json asked{{"mobile", spelling}, {"purpose", "LOGIN"}};
    EXPECT_EQ(browser{where}.post("/api/v1/sms-codes", asked).status, 200)
      << spelling;
    EXPECT_EQ(last_order().stream, stream) << spelling;
  }
  auto sent = gateway.orders.size();
  for (auto wrong : {"１９２００００００１", "019200000001",
                     "19200000001,19200000002", "1.9200000001e10"}) {
    json asked{{"mobile", wrong}, {"purpose", "LOGIN"}};
    EXPECT_EQ(browser{where}.post("/api/v1/sms-codes", asked).status, 422)
      << wrong;
  }
  EXPECT_EQ(gateway.orders.size(), sent);
}

// X6: a code that cannot be one costs no try.
TEST_F(station_test, x6_a_malformed_code_costs_nothing) {
  browser visitor{where};
  visitor.post("/api/v1/sms-codes",
               {{"mobile", "13800000000"}, {"purpose", "LOGIN"}});
  auto orders = gateway.orders.size();
  for (auto typed : {"67137", "５６７１３７", " 67137", "6713 7"}) {
    auto answer = visitor.post(
      "/api/v1/login/sms", {{"mobile", "13800000000"}, {"sms_code", typed}});
    EXPECT_EQ(answer.status, 422) << typed;
    EXPECT_EQ(code_of(answer), "INVALID_INPUT") << typed;
  }
  EXPECT_EQ(gateway.orders.size(), orders);
}

TEST_F(station_test, malformed_mobiles_get_no_code) {
  auto answer = browser{where}.post(
    "/api/v1/sms-codes", {{"mobile", "12800000000"}, {"purpose", "LOGIN"}});
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(json::parse(answer.body).at("fields").at(0).at("field"), "mobile");
  EXPECT_TRUE(gateway.orders.empty());
}

// --- authentication ----------------------------------------------------------

TEST_F(station_test, a_new_phone_registers_a_person) {
  gateway.script["register"] = [](const actors::order& order) {
    return fake_gateway::replies({{"applicant_id", order.stream.substr(10)}});
  };
  browser guest{where, guest_login()};
  auto answer = guest.post("/api/v1/me/identities", identity_form);
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(types_of(gateway.orders), (names{"verify_code", "register"}));
  EXPECT_EQ(last_order().what.data.at("openid"), "openid-1");
  EXPECT_EQ(last_order().what.pii.at("phone"), "13800000000");
  EXPECT_TRUE(last_order().who.has("VISITOR"));
  // From now on the session is that person's.
  auto id = json::parse(answer.body).at("applicant_id").get<std::string>();
  guest.get("/api/v1/exams/" + std::string{some_id});
  EXPECT_EQ(last_order().who.id, id);
  EXPECT_TRUE(last_order().who.has("APPLICANT"));
  EXPECT_EQ(last_order().who.ch, domain::channel::wechat);
}

TEST_F(station_test, a_known_phone_binds_its_person) {
  add_person(some_id, "13800000000", "openid-other");
  gateway.script["bind"] = [](const auto&) {
    return fake_gateway::replies({{"applicant_id", some_id}});
  };
  browser guest{where, guest_login()};
  EXPECT_EQ(guest.post("/api/v1/me/identities", identity_form).status, 200);
  EXPECT_EQ(types_of(gateway.orders), (names{"verify_code", "bind"}));
  EXPECT_EQ(last_order().stream, std::string{"applicant/"} + some_id);
}

TEST_F(station_test, a_wrong_code_identifies_nobody) {
  gateway.script["verify_code"] = [](const auto&) {
    return fake_gateway::refuses(errc::code_wrong);
  };
  browser guest{where, guest_login()};
  auto answer = guest.post("/api/v1/me/identities", identity_form);
  EXPECT_EQ(code_of(answer), "CODE_WRONG");
  EXPECT_EQ(gateway.orders.size(), 1u);
  EXPECT_EQ(json::parse(guest.get("/api/v1/me").body).at("identified"), false);
}

TEST_F(station_test, privacy_must_be_acknowledged) {
  auto form = identity_form;
  form["privacy_ack"] = false;
  browser guest{where, guest_login()};
  EXPECT_EQ(code_of(guest.post("/api/v1/me/identities", form)),
            "CONSENT_REQUIRED");
  EXPECT_TRUE(gateway.orders.empty());
}

TEST_F(station_test, code_is_bound_to_who_asked) {
  browser guest{where, guest_login()};
  guest.post("/api/v1/sms-codes",
             {{"mobile", "13800000000"}, {"purpose", "IDENTITY"}});
  auto asked = last_order().what.data.at("binding");
  guest.post("/api/v1/me/identities", identity_form);
  EXPECT_EQ(gateway.orders.at(1).what.data.at("binding"), asked);
  browser other{where, guest_login("openid-2")};
  other.post("/api/v1/me/identities", identity_form);
  EXPECT_NE(gateway.orders.back().what.data.value("binding", ""), asked);
}

TEST_F(station_test, switching_identity_ends_the_old_token) {
  gateway.script["switch_identity"] = [](const auto&) {
    return fake_gateway::replies({{"active_identity", "PROJECT_LEADER"}});
  };
  gateway.script["view"] = [](const auto&) {
    return fake_gateway::replies({{"phone", "13800000000"}});
  };
  browser someone{where, person_login()};
  auto old = someone.cookies;
  auto answer = someone.send("PUT", "/api/v1/me/active-identity",
                             R"({"identity":"PROJECT_LEADER"})");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_NE(someone.cookies["__Host-zhiku_session"],
            old["__Host-zhiku_session"]);
  EXPECT_EQ(someone.get("/api/v1/me").status, 200);
  browser other_tab{where};
  other_tab.cookies = old;
  EXPECT_EQ(other_tab.get("/api/v1/me").status, 401);
}

TEST_F(station_test, me_shows_the_owner_in_full) {
  gateway.script["view"] = [](const auto&) {
    return fake_gateway::replies({{"name", "张三"},
                                  {"phone", "13812341234"},
                                  {"drafts", json::array()},
                                  {"cases", json::array()}});
  };
  auto me = json::parse(browser{where, person_login()}.get("/api/v1/me").body);
  EXPECT_EQ(me.at("phone"), "13812341234");
  EXPECT_EQ(me.at("phone_masked"), "138****1234");
  EXPECT_FALSE(me.contains("drafts"));
}

// --- logins ------------------------------------------------------------------

TEST_F(station_test, a_person_logs_in_on_the_pc_by_code) {
  add_person(some_id, "13800000000", "openid-1");
  browser pc{where};
  pc.post("/api/v1/sms-codes",
          {{"mobile", "13800000000"}, {"purpose", "LOGIN"}});
  auto answer = pc.post("/api/v1/login/sms",
                        {{"mobile", "13800000000"}, {"sms_code", "123456"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(types_of(gateway.orders),
            (names{"send_code", "verify_code", "login"}));
  pc.get("/api/v1/exams/" + std::string{some_id});
  EXPECT_EQ(last_order().who.id, some_id);
  EXPECT_EQ(last_order().who.ch, domain::channel::pc);
}

TEST_F(station_test, the_channel_is_that_of_the_login_whatever_is_asked) {
  browser someone{where, person_login(some_id, "WECHAT")};
  someone.headers.emplace("X-Channel", "PC");
  someone.get("/api/v1/exams/" + std::string{some_id} + "?channel=PC");
  EXPECT_EQ(last_order().who.ch, domain::channel::wechat);
}

TEST_F(station_test, staff_log_in_by_password) {
  add_staff("wang", "right", {"CHECKER"});
  browser desk{where};
  auto answer = desk.post("/api/v1/staff/login",
                          {{"login", "wang"}, {"password", "right"}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto me = json::parse(desk.get("/api/v1/me").body);
  EXPECT_EQ(me.at("roles"), json::array({"CHECKER"}));
}

TEST_F(station_test, clients_may_ask_for_a_bearer_token) {
  add_staff("wang", "right", {"CHECKER"});
  browser client{where};
  auto answer =
    client.post("/api/v1/staff/login",
                {{"login", "wang"}, {"password", "right"}, {"bearer", true}});
  EXPECT_TRUE(client.cookies.empty());
  client.headers.emplace(
    "Authorization",
    "Bearer " + json::parse(answer.body).at("token").get<std::string>());
  EXPECT_EQ(client.get("/api/v1/me").status, 200);
}

TEST_F(station_test, unknown_login_and_wrong_password_look_the_same) {
  add_staff("wang", "right", {"CHECKER"});
  auto wrong = browser{where}.post("/api/v1/staff/login",
                                   {{"login", "wang"}, {"password", "x"}});
  auto unknown = browser{where}.post("/api/v1/staff/login",
                                     {{"login", "nobody"}, {"password", "x"}});
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(wrong.body, unknown.body);
}

// X5: who guesses waits; nobody can shut out another by guessing.
TEST_F(station_test, x5_wrong_passwords_delay_who_gives_them) {
  add_staff("wang", "right", {"CHECKER"});
  auto log_in = [&](const std::string& from, const std::string& password) {
    auto asked = browser{where}.outline(
      "POST", "/api/v1/staff/login",
      json{{"login", "wang"}, {"password", password}}.dump());
    asked.remote_address = from;
    return where.ask(std::move(asked));
  };
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(log_in("192.0.2.1", "x").status, 401) << i;
  auto delayed = log_in("192.0.2.1", "right");
  EXPECT_EQ(delayed.status, 429);
  EXPECT_EQ(header_of(delayed, "Retry-After"), "1");
  EXPECT_EQ(log_in("198.51.100.7", "right").status, 200) << "from elsewhere";
  gateway.clock += std::chrono::seconds{1};
  EXPECT_EQ(log_in("192.0.2.1", "x").status, 401);
  EXPECT_EQ(header_of(log_in("192.0.2.1", "x"), "Retry-After"), "2");
  gateway.clock += std::chrono::seconds{2};
  EXPECT_EQ(log_in("192.0.2.1", "right").status, 200);
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(log_in("192.0.2.1", "x").status, 401) << "forgiven";
}

TEST_F(station_test, x5_many_accounts_from_one_address_are_delayed_too) {
  int taken = 0;
  for (int i = 0; i < 1000; ++i)
    taken +=
      browser{where}
            .post("/api/v1/staff/login",
                  {{"login", "nobody-" + std::to_string(i)}, {"password", "x"}})
            .status
          == 401
        ? 1
        : 0;
  EXPECT_EQ(taken, 20);
}

TEST_F(station_test, disabled_accounts_stay_out) {
  add_staff("wang", "right", {"CHECKER"});
  where.sql("UPDATE staff SET disabled_at = now()");
  EXPECT_EQ(
    browser{where}
      .post("/api/v1/staff/login", {{"login", "wang"}, {"password", "right"}})
      .status,
    401);
}

// --- the applicant's way -----------------------------------------------------

TEST_F(station_test, forms_travel_as_personal_data) {
  browser someone{where, person_login()};
  someone.post("/api/v1/drafts", {{"form", {{"name", "张三"}}}});
  EXPECT_EQ(last_order().stream, std::string{"applicant/"} + some_id);
  EXPECT_EQ(last_order().what.pii, (json{{"form", {{"name", "张三"}}}}));
  EXPECT_TRUE(last_order().what.data.empty());
}

TEST_F(station_test, drafts_of_others_do_not_exist) {
  gateway.script["view"] = [](const auto&) {
    return fake_gateway::replies(
      {{"drafts", json::array({{{"id", "another"}, {"form", {}}}})}});
  };
  browser someone{where, person_login()};
  auto answer = someone.get("/api/v1/drafts/" + std::string{some_id});
  EXPECT_EQ(code_of(answer), "NOT_FOUND");
}

TEST_F(station_test, what_is_not_the_askers_looks_like_nothing) {
  gateway.script["view"] = [](const auto&) {
    return fake_gateway::refuses(errc::not_found);
  };
  browser thief{where, person_login()};
  for (std::string list : {"/api/v1/applications/", "/api/v1/exams/"}) {
    auto other = thief.get(list + some_id);
    auto nothing = thief.get(list + "01936a2b-0000-7000-8000-000000000000");
    auto malformed = thief.get(list + "1");
    EXPECT_EQ(other.status, 404);
    EXPECT_EQ(other.body, nothing.body);
    EXPECT_EQ(other.body, malformed.body);
  }
}

TEST_F(station_test, lists_hold_only_the_askers_rows) {
  auto other = "01936a2b-0000-7000-8000-0123456789ac";
  for (const auto* owner : {some_id, other})
    where.sql(std::string{"INSERT INTO draft VALUES ('d-"} + owner + "', '"
              + owner + "', '[]', 'DRAFT', 1, now())");
  auto list =
    json::parse(browser{where, person_login()}.get("/api/v1/drafts").body);
  ASSERT_EQ(list.at("items").size(), 1u);
  EXPECT_EQ(list["items"][0]["id"], std::string{"d-"} + some_id);
}

TEST_F(station_test, applications_come_in_pages) {
  for (int i = 0; i < 5; ++i)
    where.sql("INSERT INTO review_case (id, number, applicant_id, pools, "
              "state, round, submitted_at, changed_at, version) VALUES ('c"
              + std::to_string(i) + "', 'n" + std::to_string(i) + "', '"
              + some_id
              + "', '[\"BID\"]', 'SUBMITTED', 1, '2026-11-20T00:00:00Z', "
                "now(), 1)");
  browser someone{where, person_login()};
  std::vector<std::string> seen;
  std::string target = "/api/v1/applications?limit=2";
  for (int pages = 0; pages < 3; ++pages) {
    auto page = json::parse(someone.get(target).body);
    for (const auto& row : page.at("items"))
      seen.push_back(row.at("id"));
    if (pages < 2) {
      target = "/api/v1/applications?limit=2&cursor="
               + page.at("next_cursor").get<std::string>();
    } else {
      EXPECT_TRUE(page.at("next_cursor").is_null());
    }
  }
  EXPECT_EQ(seen, (names{"c4", "c3", "c2", "c1", "c0"}));
}

TEST_F(station_test, query_fields_are_checked) {
  browser someone{where, person_login()};
  for (const auto* query : {"limit=0", "limit=101", "limit=x",
                            "limit=1&limit=2", "cursor=nonsense"})
    EXPECT_EQ(someone.get(std::string{"/api/v1/applications?"} + query).status,
              422)
      << query;
}

TEST_F(station_test, bodies_are_checked_before_anybody_is_asked) {
  browser someone{where, person_login()};
  auto target = "/api/v1/exams/" + std::string{some_id} + "/answers/3";
  auto answer =
    someone.send("PUT", target, R"({"choice":"A","seq":-1,"more":1})");
  EXPECT_EQ(answer.status, 422);
  EXPECT_EQ(json::parse(answer.body).at("fields").size(), 4u);
  EXPECT_EQ(someone.send("PUT", target, "not json").status, 422);
  EXPECT_TRUE(gateway.orders.empty());
}

TEST_F(station_test, answers_reach_their_sitting) {
  browser someone{where, person_login()};
  auto answer =
    someone.send("PUT", "/api/v1/exams/" + std::string{some_id} + "/answers/3",
                 R"({"choice":["A"],"seq":7,"writer":"w"})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(last_order().stream, std::string{"exam_session/"} + some_id);
  EXPECT_EQ(last_order().what.data,
            (json{{"n", 3}, {"choice", {"A"}}, {"seq", 7}, {"writer", "w"}}));
}

TEST_F(station_test, refusals_become_problems) {
  gateway.script["withdraw"] = [](const auto&) {
    return fake_gateway::refuses(errc::already_accepted);
  };
  browser someone{where, person_login()};
  auto answer =
    someone.post("/api/v1/applications/" + std::string{some_id} + "/withdraw");
  EXPECT_EQ(answer.status, 409);
  EXPECT_EQ(code_of(answer), "ALREADY_ACCEPTED");
}

TEST_F(station_test, records_are_shown_by_pool) {
  where.sql(std::string{"INSERT INTO expert VALUES ('e1', '"} + some_id
            + "', 'BID', 'BID2026X', 'ACTIVE', '2026-01-01', '2029-01-01', "
              "now(), 'c')");
  browser someone{where, person_login(some_id, "WECHAT")};
  auto record = someone.get("/api/v1/expert-records/BID");
  ASSERT_EQ(record.status, 200);
  EXPECT_EQ(json::parse(record.body).at("term_end"), "2029-01-01");
  EXPECT_EQ(someone.get("/api/v1/expert-records/GREEN").status, 404);
  EXPECT_EQ(someone.get("/api/v1/expert-records/OTHER").status, 404);
}

// --- repeats -----------------------------------------------------------------

TEST_F(station_test, a_repeat_has_the_same_command_id) {
  browser someone{where, person_login()};
  someone.headers.emplace("Idempotency-Key", "key-1");
  json form{{"form", json::object()}};
  someone.post("/api/v1/drafts", form);
  someone.post("/api/v1/drafts", form);
  browser other{where, person_login("01936a2b-0000-7000-8000-0123456789ac")};
  other.headers = someone.headers;
  other.post("/api/v1/drafts", form);
  const auto& orders = gateway.orders;
  ASSERT_EQ(orders.size(), 3u);
  EXPECT_EQ(orders[0].command_id.size(), 64u);
  EXPECT_EQ(orders[0].command_id, orders[1].command_id);
  EXPECT_NE(orders[0].command_id, orders[2].command_id);
  EXPECT_EQ(orders[0].request, orders[1].request);
  EXPECT_NE(orders[0].request, orders[2].request);
}

TEST_F(station_test, a_key_is_bound_to_what_was_asked_with_it) {
  browser someone{where, person_login()};
  someone.headers.emplace("Idempotency-Key", "key-1");
  someone.post("/api/v1/drafts", {{"form", json::object()}});
  someone.post("/api/v1/drafts", {{"form", {{"name", "x"}}}});
  someone.post("/api/v1/applications/" + std::string{some_id} + "/withdraw");
  const auto& orders = gateway.orders;
  ASSERT_EQ(orders.size(), 3u);
  for (int i : {1, 2}) {
    EXPECT_EQ(orders[0].command_id, orders[i].command_id);
    EXPECT_NE(orders[0].request, orders[i].request);
  }
}

TEST_F(station_test, a_second_request_of_a_key_under_way_is_refused) {
  browser someone{where, person_login()};
  someone.headers.emplace("Idempotency-Key", "key-1");
  auto form = json{{"form", json::object()}}.dump();
  actors::gateway::answer first;
  gateway.keep = [&](actors::gateway::answer done) { first = std::move(done); };
  std::optional<response> late;
  where.ask(someone.outline("POST", "/api/v1/drafts", form),
            [&](response answer) { late = std::move(answer); });
  auto twin = someone.send("POST", "/api/v1/drafts", form);
  EXPECT_EQ(twin.status, 409);
  EXPECT_EQ(code_of(twin), "IDEMPOTENCY_IN_PROGRESS");
  EXPECT_EQ(header_of(twin, "Retry-After"), "1");
  gateway.keep = nullptr;
  ASSERT_FALSE(late);
  first(fake_gateway::replies(json::object()));
  ASSERT_TRUE(late);
  EXPECT_EQ(late->status, 201);
  EXPECT_EQ(someone.send("POST", "/api/v1/drafts", form).status, 201);
}

TEST_F(station_test, steps_of_one_request_have_ids_of_their_own) {
  browser guest{where, guest_login()};
  guest.headers.emplace("Idempotency-Key", "key-1");
  guest.post("/api/v1/me/identities", identity_form);
  ASSERT_EQ(gateway.orders.size(), 2u);
  EXPECT_NE(gateway.orders[0].command_id, gateway.orders[1].command_id);
  EXPECT_FALSE(gateway.orders[1].command_id.empty());
}

TEST_F(station_test, without_a_key_nothing_is_remembered) {
  browser someone{where, person_login()};
  someone.post("/api/v1/drafts", {{"form", json::object()}});
  EXPECT_EQ(last_order().command_id, "");
}

// --- the staff's way ---------------------------------------------------------

TEST_F(station_test, queue_shows_masked_names) {
  std::string sealed;
  auto done = where.readers.run([&](soci::session& sql) {
    where.keys.ensure_key(sql, some_id);
    sealed = where.keys.seal(sql, some_id, {{"name", "张三丰"}});
  });
  ASSERT_TRUE(done);
  where.sql(std::string{"INSERT INTO review_case (id, number, applicant_id, "
                        "pools, state, round, submitted_at, changed_at, "
                        "version, sealed) VALUES ('c1', 'n1', '"}
            + some_id + "', '[\"BID\"]', 'SUBMITTED', 1, now(), now(), 1, '"
            + sealed + "')");
  browser desk{where, staff_login({"ACCEPTOR"})};
  auto answer = desk.get("/api/v1/review/cases?state=SUBMITTED");
  auto list = json::parse(answer.body);
  ASSERT_EQ(list.at("items").size(), 1u) << answer.body;
  EXPECT_EQ(list["items"][0]["name"], "张*");
  EXPECT_FALSE(list["items"][0].contains("sealed"));
  EXPECT_FALSE(list["items"][0].contains("score_tenths")) << "E14";
  auto none = json::parse(desk.get("/api/v1/review/cases?state=RETURNED").body);
  EXPECT_TRUE(none.at("items").empty());
  EXPECT_EQ(desk.get("/api/v1/review/cases?state=NOPE").status, 422);
}

TEST_F(station_test, e14_lists_show_no_hidden_score) {
  where.sql(std::string{"INSERT INTO review_case (id, number, applicant_id, "
                        "pools, state, round, submitted_at, changed_at, "
                        "version, score_tenths) VALUES ('c1', 'n1', '"}
            + some_id
            + "', '[\"BID\"]', 'EXAM_PASSED', 1, now(), now(), 1, 812)");
  auto shown = [&](const std::string& channel) {
    browser someone{where, person_login(some_id, channel)};
    return someone.get("/api/v1/applications").body.find("812")
           != std::string::npos;
  };
  EXPECT_TRUE(shown("WECHAT"));
  where.how.rules.exam_score_on_wechat = false;
  where.rebuild();
  EXPECT_FALSE(shown("WECHAT"));
  EXPECT_TRUE(shown("PC"));
}

TEST_F(station_test, R_15_revealing_is_kept_under_no_key_and_has_a_limit) {
  browser desk{where, staff_login({"CHECKER"})};
  desk.headers.emplace("Idempotency-Key", "key-1");
  auto path = "/api/v1/review/cases/" + std::string{some_id} + "/reveal";
  EXPECT_EQ(desk.post(path, {{"purpose", "核对身份证件"}}).status, 200);
  EXPECT_EQ(last_order().what.type, "reveal");
  EXPECT_EQ(last_order().what.data.at("purpose"), "核对身份证件");
  EXPECT_EQ(last_order().command_id, "");
  EXPECT_EQ(desk.post(path, {{"purpose", "看"}}).status, 422);
  for (int i = 1; i < 60; ++i)
    EXPECT_EQ(desk.post(path, {{"purpose", "核对身份证件"}}).status, 200);
  EXPECT_EQ(desk.post(path, {{"purpose", "核对身份证件"}}).status, 429);
}

TEST_F(station_test, decisions_reach_the_case) {
  browser desk{where, staff_login({"ACCEPTOR", "CHECKER", "APPROVER"})};
  auto one = "/api/v1/review/cases/" + std::string{some_id};
  EXPECT_EQ(desk.post(one + "/accept").status, 200);
  EXPECT_EQ(last_order().what.type, "accept");
  EXPECT_EQ(last_order().who.id, "staff-1");
  EXPECT_EQ(last_order().who.ch, domain::channel::staff);
  json remarks{{"remarks", {{{"item", "photo"}, {"text", "不清晰"}}}}};
  EXPECT_EQ(desk.post(one + "/return", remarks).status, 200);
  EXPECT_EQ(last_order().what.data, remarks);
  EXPECT_EQ(desk.post(one + "/return", {{"remarks", json::array()}}).status,
            422);
  EXPECT_EQ(desk.post(one + "/reject", {{"reason", "不符合条件"}}).status, 200);
  EXPECT_EQ(desk.post(one + "/appoint", {{"pools", {"BID"}}}).status, 200);
  EXPECT_EQ(last_order().what.data, (json{{"pools", {"BID"}}}));
}

TEST_F(station_test, qualifying_takes_the_next_plan_with_notice_enough) {
  add_plan("soon", "2026-11-25T08:00:00Z");
  add_plan("later", "2026-11-26T08:00:00Z");
  browser desk{where, staff_login({"CHECKER"})};
  auto target = "/api/v1/review/cases/" + std::string{some_id} + "/qualify";
  EXPECT_EQ(desk.post(target).status, 200);
  auto plan = last_order().what.data.at("plan");
  EXPECT_EQ(last_order().what.type, "pass");
  EXPECT_EQ(plan.at("id"), "later");
  EXPECT_EQ(plan.at("window_end"), "2026-11-26T08:00:00Z");
  EXPECT_EQ(plan.at("duration_s"), 5400);
  EXPECT_EQ(plan.at("paper").at(0).at("type"), "SINGLE");
  EXPECT_FALSE(plan.contains("state"));
}

TEST_F(station_test, qualifying_without_any_plan_lets_the_person_wait) {
  browser desk{where, staff_login({"CHECKER"})};
  auto target = "/api/v1/review/cases/" + std::string{some_id} + "/qualify";
  EXPECT_EQ(desk.post(target).status, 200);
  EXPECT_TRUE(last_order().what.data.at("plan").is_null());
  EXPECT_EQ(desk.post(target, {{"plan_id", "none-such"}}).status, 422);
}

TEST_F(station_test, office_publishes_plans_once) {
  json plan{{"name", "2026年第4次"},
            {"window_start", "2026-12-01T01:00:00Z"},
            {"window_end", "2026-12-10T01:00:00Z"},
            {"duration_s", 5400},
            {"pass_tenths", 600},
            {"paper", {{{"type", "SINGLE"}, {"count", 10}, {"tenths", 100}}}},
            {"multi_rule", "ALL_OR_NOTHING"}};
  browser office{where, staff_login({"EXAM_ADMIN"})};
  office.headers.emplace("Idempotency-Key", "plan-4");
  auto first = office.post("/api/v1/office/plans", plan);
  ASSERT_EQ(first.status, 201) << first.body;
  EXPECT_EQ(office.post("/api/v1/office/plans", plan).body, first.body);
  auto all = json::parse(office.get("/api/v1/office/plans").body);
  EXPECT_EQ(all.at("items").size(), 1u);
  plan["pass_tenths"] = 500;
  auto other = office.post("/api/v1/office/plans", plan);
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(code_of(other), "IDEMPOTENCY_KEY_REUSED");
  std::swap(plan["window_start"], plan["window_end"]);
  EXPECT_EQ(office.post("/api/v1/office/plans", plan).status, 422);
}

TEST_F(station_test, a_full_house_says_so_at_once) {
  browser someone{where, person_login()};
  someone.get("/api/v1/exams/" + std::string{some_id}); // known to the cache
  gateway.full = true;
  auto answer = someone.get("/api/v1/drafts");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(code_of(answer), "BUSY");
}
