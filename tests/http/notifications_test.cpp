// What people were told, to themselves and to staff, and the carriers' reports.

#include "test_site.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

constexpr auto report_path = "sandboxReports0for0development";

class notifications_test : public site_test {
protected:
  notifications_test() {
    where.how.sms_report_path = report_path;
    where.rebuild();
  }

  void add_notification(const std::string& id, const std::string& fate,
                        const std::string& applicant = some_id) {
    where.sql("INSERT INTO effect (id, stream, version, lane, kind, target,"
              " type, payload, due_at, next_at, state) VALUES ('"
              + id + "', 'review_case/c', 1, 'PERSON', 'notify', '" + applicant
              + "', 'CASE_RETURNED', '{}', now(), now(), '" + fate + "')");
    where.sql("INSERT INTO notification (id, applicant_id, event, payload,"
              " created_at) VALUES ('"
              + id + "', '" + applicant
              + "', 'CASE_RETURNED', '{}', '2026-11-23T08:00:00Z')");
    where.sql("INSERT INTO delivery VALUES ('" + id
              + "', 'SMS', 1, 'SENT', 1, now(), now(), now(), false,"
                " 'tencent', 'serial-1', 'Ok')");
  }

  response report(const std::string& carrier, const std::string& body,
                  const std::string& secret = report_path) {
    request asked;
    asked.method = "POST";
    asked.target = "/sms/reports/" + secret + "/" + carrier;
    asked.body = body;
    return where.ask(std::move(asked));
  }

  std::string stage() {
    return where.sql_text("SELECT stage FROM delivery");
  }
};

constexpr auto delivered =
  R"([{"user_receive_time":"2026-11-23 16:03:04","nationcode":"86",)"
  R"("mobile":"13711112222","report_status":"SUCCESS","errmsg":"DELIVRD",)"
  R"("description":"ok","sid":"serial-1"}])";

TEST_F(notifications_test, staff_see_the_whole_way) {
  add_notification("n:1:0", "PARKED");
  browser admin{where, staff_login({"POOL_ADMIN"})};
  auto answer =
    json::parse(admin.get("/api/v1/admin/notifications?fate=PARKED").body);
  ASSERT_EQ(answer["items"].size(), 1u);
  const auto& shown = answer["items"][0];
  EXPECT_EQ(shown["fate"], "PARKED");
  EXPECT_EQ(shown["attempts"][0]["route"], "SMS");
  EXPECT_EQ(shown["attempts"][0]["via"], "tencent");
  auto at = shown["attempts"][0]["first_at"].get<std::string>();
  EXPECT_EQ(at.back(), 'Z') << at;
  EXPECT_EQ(json::parse(
              admin.get("/api/v1/admin/notifications?fate=DONE").body)["items"]
              .size(),
            0u);
}

TEST_F(notifications_test, others_do_not) {
  add_notification("n:1:0", "PARKED");
  browser person{where, person_login()};
  browser acceptor{where, staff_login({"ACCEPTOR"})};
  EXPECT_EQ(person.get("/api/v1/admin/notifications").status, 403);
  EXPECT_EQ(acceptor.get("/api/v1/admin/notifications").status, 403);
  browser auditor{where, staff_login({"AUDITOR"})};
  EXPECT_EQ(auditor.get("/api/v1/admin/notifications").status, 200);
  EXPECT_EQ(
    auditor.post("/api/v1/admin/notifications/resend", {{"id", "n:1:0"}})
      .status,
    403);
}

TEST_F(notifications_test, staff_send_anew_once) {
  add_notification("n:1:0", "PARKED");
  browser admin{where, staff_login({"POOL_ADMIN"})};
  json body = {{"id", "n:1:0"}};
  EXPECT_EQ(admin.post("/api/v1/admin/notifications/resend", body).status, 200);
  EXPECT_EQ(where.sql_text("SELECT state FROM effect"), "PENDING");
  EXPECT_EQ(where.sql_text("SELECT resent_by FROM notification"), "staff-1");
  auto again = admin.post("/api/v1/admin/notifications/resend", body);
  EXPECT_EQ(again.status, 409);
  EXPECT_EQ(
    admin.post("/api/v1/admin/notifications/resend", {{"id", "none"}}).status,
    404);
}

TEST_F(notifications_test, a_person_reads_their_own) {
  add_notification("n:1:0", "DONE");
  browser stranger{where, person_login("01936a2b-0000-7000-8000-000000000000")};
  json body = {{"id", "n:1:0"}};
  EXPECT_EQ(stranger.post("/api/v1/notifications/read", body).status, 404);
  browser person{where, person_login()};
  EXPECT_EQ(person.post("/api/v1/notifications/read", body).status, 200);
  auto list = json::parse(person.get("/api/v1/notifications").body);
  EXPECT_EQ(list["items"][0]["read_at"], "2026-11-23T08:00:00Z");
}

TEST_F(notifications_test, reports_of_carriers_are_believed_by_serial) {
  add_notification("n:1:0", "DONE");
  auto answer = report("tencent", delivered);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body), json({{"result", 0}, {"errmsg", "OK"}}));
  EXPECT_EQ(stage(), "DELIVERED");
  EXPECT_EQ(report("tencent", delivered).status, 200);
}

constexpr auto batch_of_w28 =
  R"([{"phone_number":"13000000000","success":false,"err_code":"X:0001",)"
  R"("report_time":"2026-01-01 08:00:00","biz_id":"serial-1","out_id":""},)"
  R"({"phone_number":"13711112222","success":true,"err_code":"DELIVERED",)"
  R"("report_time":"2026-01-01 08:00:01","biz_id":"another^0"},)"
  R"({"phone_number":"1","success":"true"}])";

// W28: the good entries of a report count although one is malformed.
TEST_F(notifications_test, w28_one_malformed_entry_spoils_no_report) {
  add_notification("n:1:0", "DONE");
  for (int i = 0; i < 2; ++i) {
    auto answer = report("aliyun", batch_of_w28);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(json::parse(answer.body).at("code"), 0);
  }
  EXPECT_EQ(stage(), "FAILED");
  browser anybody{where};
  auto figures = anybody.get("/metrics").body;
  auto counted = [&](const std::string& outcome, int count) {
    return figures.find("carrier=\"aliyun\",outcome=\"" + outcome + "\"} "
                        + std::to_string(count))
           != std::string::npos;
  };
  EXPECT_TRUE(counted("malformed", 2)) << figures;
  EXPECT_TRUE(counted("failed", 2));
  EXPECT_TRUE(counted("delivered", 2));
}

TEST_F(notifications_test, w28_what_fails_at_last_looks_done_no_more) {
  add_notification("n:1:0", "DONE");
  where.sql("UPDATE effect SET done_at = '2026-01-01T00:00:00Z'");
  report("aliyun", batch_of_w28);
  EXPECT_EQ(where.sql_text("SELECT state FROM effect"), "PENDING");
}

TEST_F(notifications_test, w28_a_late_contradiction_is_not_believed) {
  add_notification("n:1:0", "DONE");
  report("aliyun", batch_of_w28);
  report("aliyun",
         R"([{"success":true,"err_code":"DELIVERED","biz_id":"serial-1"}])");
  EXPECT_EQ(stage(), "FAILED");
}

TEST_F(notifications_test, w28_an_unknown_serial_alone_is_thanked_for) {
  auto answer = report(
    "tencent", R"([{"report_status":"FAIL","sid":"unknown","nationcode":86}])");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(json::parse(answer.body).at("result"), 0);
}

TEST_F(notifications_test, reports_need_the_secret_path) {
  add_notification("n:1:0", "DONE");
  EXPECT_EQ(report("tencent", delivered, "guess").status, 404);
  EXPECT_EQ(report("other", delivered).status, 404);
  EXPECT_EQ(report("tencent", "{}").status, 422);
  EXPECT_EQ(stage(), "SENT");
  where.how.sms_report_path.clear();
  where.rebuild();
  EXPECT_EQ(report("tencent", delivered, "").status, 404);
}

TEST_F(notifications_test, pages_are_framed_by_one_origin_or_none) {
  browser anybody{where};
  EXPECT_EQ(header_of(anybody.get("/h5/"), "X-Frame-Options"), "DENY");
  where.how.framed_by = "http://127.0.0.1:8090";
  where.rebuild();
  auto answer = anybody.get("/h5/");
  EXPECT_EQ(header_of(answer, "X-Frame-Options"), "");
  EXPECT_NE(header_of(answer, "Content-Security-Policy")
              .find("frame-ancestors http://127.0.0.1:8090"),
            std::string::npos);
}

} // namespace
