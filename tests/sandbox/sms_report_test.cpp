#include "tests/sandbox/fixture.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "sms/acs3.hpp"
#include "sms/carrier.hpp"
#include "sms/tc3.hpp"

#include <array>
#include <atomic>
#include <ctime>
#include <mutex>

namespace zhiku::sandbox {

namespace {

/// Takes delivery reports at /sms/tencent and /sms/aliyun.
class report_taker {
public:
  report_taker() {
    server_.Post(
      "/sms/(tencent|aliyun)",
      [this](const httplib::Request& request, httplib::Response& response) {
        std::lock_guard lock{guard_};
        got_.push_back({request.matches[1], json::parse(request.body)});
        response.set_content(refusals_.fetch_sub(1) > 0 ? "busy"
                                                        : R"({"code":0})",
                             "application/json");
      });
    port_ = server_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { server_.listen_after_bind(); }};
    eventually([this] { return server_.is_running(); });
  }

  ~report_taker() {
    server_.stop();
    thread_.join();
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/sms/{carrier}";
  }

  std::vector<std::pair<std::string, json>> got() const {
    std::lock_guard lock{guard_};
    return got_;
  }

  void refuse(int count) {
    refusals_ = count;
  }

private:
  httplib::Server server_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<int> refusals_{0};
  mutable std::mutex guard_;
  std::vector<std::pair<std::string, json>> got_;
};

class reports : public report_taker, public sandbox_fixture {
protected:
  reports() : sandbox_fixture(reporting_to(url())) {
    // nop
  }

  static settings reporting_to(const std::string& url) {
    auto how = quick();
    how.sms_report_url = url;
    return how;
  }

  std::string send(sms::provider by) {
    auto tencent = by == sms::provider::tencent;
    sms::settings how;
    how.by = by;
    how.base_url = base();
    how.secret_id = how_.sms_secret_id;
    how.secret_key = how_.sms_secret_key;
    how.sign_name = "智库";
    how.templates = {{"code", tencent ? "1110" : "SMS_1110:code"}};
    return sms::make_carrier(how, client_)
      ->send({"13711112222", "code", {"123456"}, "effect-1"})
      .serial;
  }

  void order(json what) {
    what["api"] = "sms_report";
    post("/control/faults", what);
  }

  bool arrive(std::size_t count) {
    return eventually([this, count] { return got().size() >= count; });
  }

  /// Another action of Tencent's, signed.
  json ask_tencent(const std::string& action, const json& body) {
    auto payload = body.dump();
    auto now = std::time(nullptr);
    auto host = base().substr(7);
    sms::tc3_request what{
      "sms",
      {{"content-type", "application/json"}, {"host", host}},
      payload,
      now};
    httplib::Headers headers = {
      {"Host", host},
      {"X-TC-Action", action},
      {"X-TC-Timestamp", std::to_string(now)},
      {"Authorization",
       sms::tc3_authorization(what, how_.sms_secret_id, how_.sms_secret_key)}};
    auto answer = http_.Post("/", headers, payload, "application/json");
    return json::parse(answer->body).at("Response");
  }

  /// Another action of Aliyun's, signed.
  json ask_aliyun(const std::string& action,
                  const std::map<std::string, std::string>& query,
                  const std::string& nonce = new_uuid()) {
    std::array<char, 32> date{};
    auto now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    std::strftime(date.data(), date.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
    std::map<std::string, std::string> headers = {
      {"host", base().substr(7)},
      {"x-acs-action", action},
      {"x-acs-date", date.data()},
      {"x-acs-signature-nonce", nonce},
      {"x-acs-content-sha256", to_hex(sha256(""))}};
    sms::acs3_request what{query, headers, ""};
    httplib::Headers sent{headers.begin(), headers.end()};
    sent.emplace(
      "Authorization",
      sms::acs3_authorization(what, how_.sms_secret_id, how_.sms_secret_key));
    httplib::Client client{base()};
    client.set_url_encode(false);
    auto answer = client.Post("/?" + sms::acs3_canonical_query(query), sent,
                              std::string{}, "");
    return json::parse(answer->body);
  }
};

} // namespace

TEST_F(reports, come_in_the_carriers_words) {
  auto by_tencent = send(sms::provider::tencent);
  auto by_aliyun = send(sms::provider::aliyun);
  ASSERT_TRUE(arrive(2));
  for (const auto& [carrier, array] : got()) {
    const auto& one = array.at(0);
    if (carrier == "tencent") {
      EXPECT_EQ(one.at("sid"), by_tencent);
      EXPECT_EQ(one.at("report_status"), "SUCCESS");
      EXPECT_EQ(one.at("errmsg"), "DELIVRD");
      EXPECT_EQ(one.at("mobile"), "13711112222");
    } else {
      EXPECT_EQ(one.at("biz_id"), by_aliyun);
      EXPECT_EQ(one.at("out_id"), "effect-1");
      EXPECT_EQ(one.at("success"), true);
    }
  }
}

TEST_F(reports, tell_a_failure_twice_when_ordered) {
  order({{"status", "MK:0001"}, {"duplicate", true}});
  send(sms::provider::tencent);
  ASSERT_TRUE(arrive(2));
  EXPECT_EQ(got()[0].second, got()[1].second);
  EXPECT_EQ(got()[0].second.at(0).at("report_status"), "FAIL");
  EXPECT_EQ(got()[0].second.at(0).at("errmsg"), "MK:0001");
}

// PROTOCOL 10: SMS report before the send answer.
TEST_F(reports, overtake_the_answer_when_ordered) {
  order({{"first", true}});
  auto serial = send(sms::provider::tencent);
  ASSERT_EQ(got().size(), 1u);
  EXPECT_EQ(got()[0].second.at(0).at("sid"), serial);
}

// PROTOCOL 10: reports in one array for several sends.
TEST_F(reports, are_held_and_released_in_one_array) {
  order({{"hold", true}, {"count", 2}});
  auto first = send(sms::provider::tencent);
  auto second = send(sms::provider::tencent);
  EXPECT_EQ(get("/control/calls").at("reports_held"), 2);
  post("/control/sms-reports/release", {{"together", true}});
  ASSERT_TRUE(arrive(1));
  auto array = got()[0].second;
  ASSERT_EQ(array.size(), 2u);
  EXPECT_EQ(array[0].at("sid"), first);
  EXPECT_EQ(array[1].at("sid"), second);
}

TEST_F(reports, are_repeated_by_aliyun_until_taken) {
  refuse(1);
  send(sms::provider::aliyun);
  EXPECT_TRUE(arrive(2));
}

TEST_F(reports, are_never_sent_when_ordered_but_the_status_can_be_asked) {
  order({{"drop", true}});
  auto lost = send(sms::provider::tencent);
  send(sms::provider::tencent);
  ASSERT_TRUE(arrive(1));
  EXPECT_NE(got()[0].second.at(0).at("sid"), lost);
  auto told = ask_tencent("PullSmsSendStatusByPhoneNumber",
                          {{"PhoneNumber", "+8613711112222"},
                           {"BeginTime", 0},
                           {"Offset", 0},
                           {"Limit", 10},
                           {"SmsSdkAppId", "1400006666"}})
                .at("PullSmsSendStatusSet");
  ASSERT_EQ(told.size(), 2u);
  EXPECT_EQ(told[0].at("SerialNo"), lost);
  EXPECT_EQ(told[0].at("ReportStatus"), "SUCCESS");
}

TEST_F(reports, wait_in_aliyuns_details_until_settled) {
  order({{"hold", true}});
  auto serial = send(sms::provider::aliyun);
  auto status = [&] {
    auto told = ask_aliyun("QuerySendDetails", {{"PhoneNumber", "13711112222"},
                                                {"BizId", serial},
                                                {"PageSize", "10"},
                                                {"CurrentPage", "1"}});
    return told.at("SmsSendDetailDTOs")
      .at("SmsSendDetailDTO")
      .at(0)
      .at("SendStatus");
  };
  EXPECT_EQ(status(), 1);
  post("/control/sms-reports/release");
  EXPECT_EQ(status(), 3);
}

TEST_F(reports, aliyun_takes_a_nonce_once) {
  EXPECT_EQ(ask_aliyun("QuerySendDetails", {}, "n1").at("Code"), "OK");
  EXPECT_EQ(ask_aliyun("QuerySendDetails", {}, "n1").at("Code"),
            "SignatureNonceUsed");
}

} // namespace zhiku::sandbox
