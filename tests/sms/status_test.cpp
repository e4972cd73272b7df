// What the carriers tell of a message when asked, and what they are asked and
// told, as it arrives at a stand-in for the carrier.

#include "outgoing/client.hpp"
#include "sms/aliyun.hpp"
#include "sms/tencent.hpp"

#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

namespace zhiku::sms {

using nlohmann::json;

namespace {

using namespace std::chrono;

inquiry about(const std::string& serial) {
  return {"", "13711112222", serial, "effect-1",
          sys_days{2016y / 12 / 31} + 16h};
}

json tencent_answer(const std::vector<json>& entries) {
  return {
    {"Response", {{"PullSmsSendStatusSet", entries}, {"RequestId", "r"}}}};
}

json tencent_entry(const std::string& serial, const std::string& outcome) {
  return {{"SerialNo", serial},
          {"ReportStatus", outcome},
          {"Description", "DELIVRD"},
          {"SessionContext", "effect-1"},
          {"UserReceiveTime", 1483200000}};
}

json aliyun_answer(const std::vector<json>& entries) {
  return {{"Code", "OK"},
          {"Message", "OK"},
          {"TotalCount", entries.size()},
          {"SmsSendDetailDTOs", {{"SmsSendDetailDTO", entries}}}};
}

json aliyun_entry(const json& progress, const std::string& out_id) {
  return {{"SendStatus", progress}, {"OutId", out_id}, {"ErrCode", "E"}};
}

} // namespace

TEST(tencent, status_of_a_serial) {
  auto answer = tencent_answer(
    {tencent_entry("other", "FAIL"), tencent_entry("s1", "SUCCESS")});
  EXPECT_EQ(tencent_status(answer, about("s1")),
            (status{fate::delivered, "DELIVRD"}));
  EXPECT_EQ(tencent_status(answer, about("other")).what, fate::failed);
  EXPECT_EQ(tencent_status(answer, about("s2")), (status{fate::pending, ""}));
  EXPECT_EQ(
    tencent_status(tencent_answer({tencent_entry("s1", "?")}), about("s1"))
      .what,
    fate::pending);
}

TEST(tencent, status_without_a_serial_is_found_by_our_id) {
  auto answer = tencent_answer({tencent_entry("s1", "SUCCESS")});
  EXPECT_EQ(tencent_status(answer, about("")).what, fate::delivered);
  EXPECT_EQ(tencent_status(tencent_answer({}), about("")), status{});
}

TEST(tencent, a_refusal_or_nothing_is_no_answer) {
  json refusal = {{"Response", {{"Error", {{"Code", "AuthFailure"}}}}}};
  EXPECT_EQ(tencent_status(refusal, about("s1")),
            (status{fate::unanswered, "AuthFailure"}));
  for (const auto& odd :
       {json(), json::object(), json::array(), json{{"Response", 1}}})
    EXPECT_EQ(tencent_status(odd, about("s1")).what, fate::unanswered) << odd;
}

TEST(aliyun, status_by_its_progress) {
  auto told = [](const json& progress) {
    return aliyun_status(aliyun_answer({aliyun_entry(progress, "x")}),
                         about("b1"))
      .what;
  };
  EXPECT_EQ(told(1), fate::pending);
  EXPECT_EQ(told(2), fate::failed);
  EXPECT_EQ(told(3), fate::delivered);
  EXPECT_EQ(told("3"), fate::delivered);
  EXPECT_EQ(told(4), fate::pending);
}

TEST(aliyun, status_without_a_serial_is_found_by_our_id) {
  auto answer =
    aliyun_answer({aliyun_entry(2, "effect-0"), aliyun_entry(3, "effect-1")});
  EXPECT_EQ(aliyun_status(answer, about("")), (status{fate::delivered, "E"}));
  EXPECT_EQ(aliyun_status(aliyun_answer({}), about("")), status{});
}

TEST(aliyun, a_refusal_or_nothing_is_no_answer) {
  EXPECT_EQ(aliyun_status({{"Code", "isv.X"}}, about("b1")),
            (status{fate::unanswered, "isv.X"}));
  for (const auto& odd : {json(), json::array()})
    EXPECT_EQ(aliyun_status(odd, about("b1")).what, fate::unanswered) << odd;
  for (const auto& odd :
       {json{{"Code", "OK"}}, json{{"Code", "OK"}, {"SmsSendDetailDTOs", 1}}})
    EXPECT_EQ(aliyun_status(odd, about("b1")).what, fate::unknown) << odd;
}

namespace {

/// Stands where a carrier is.
class sms_status : public testing::Test {
protected:
  sms_status() {
    carrier_.Post("/", [this](const httplib::Request& request,
                              httplib::Response& response) {
      asked_ = request;
      response.set_content(answer_.dump(), "application/json");
    });
    port_ = carrier_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { carrier_.listen_after_bind(); }};
  }

  ~sms_status() override {
    client_.reset(); // stopping waits for connections that are kept
    carrier_.stop();
    thread_.join();
  }

  status asked_of(provider by, inquiry what) {
    what.carrier = name_of(by);
    return make_carrier(here(by), client_)->status_of(what);
  }

  result sent_by(provider by, const std::string& form,
                 std::vector<std::string> params) {
    return make_carrier(here(by), client_)
      ->send({"13711112222", form, std::move(params), "effect-1"});
  }

  httplib::Request asked_;
  json answer_;

private:
  settings here(provider by) const {
    settings how;
    how.by = by;
    how.base_url = "http://127.0.0.1:" + std::to_string(port_);
    how.app_id = "1400006666";
    how.templates = {{"notice", "SMS_1:title,name,text"}, {"bare", "SMS_2"}};
    return how;
  }

  std::shared_ptr<outgoing::client> client_ =
    std::make_shared<outgoing::client>();
  httplib::Server carrier_;
  int port_ = 0;
  std::thread thread_;
};

} // namespace

// W26: an empty title, a name of 40 characters, a text with a line break.
TEST_F(sms_status, w26_variables_are_fitted_before_they_go_out) {
  std::string name;
  for (int i = 0; i < 40; ++i)
    name += "名";
  answer_ = {{"Code", "OK"}, {"BizId", "1^0"}};
  sent_by(provider::aliyun, "notice", {"", name, "第一行\n第二行"});
  auto aliyun = json::parse(asked_.get_param_value("TemplateParam"));
  EXPECT_EQ(aliyun.at("title"), "无");
  EXPECT_EQ(aliyun.at("name"), name.substr(0, 57) + "…");
  EXPECT_EQ(aliyun.at("text"), "第一行 第二行");
  sent_by(provider::tencent, "notice", {"", name, "第一行\n第二行"});
  EXPECT_EQ(json::parse(asked_.body).at("TemplateParamSet"),
            (json{"无", name, "第一行 第二行"}));
}

TEST_F(sms_status, w26_a_template_without_variables_gets_none) {
  answer_ = {{"Code", "OK"}, {"BizId", "1^0"}};
  EXPECT_EQ(sent_by(provider::aliyun, "bare", {}).what, verdict::sent);
  EXPECT_FALSE(asked_.has_param("TemplateParam"));
  sent_by(provider::tencent, "bare", {});
  EXPECT_FALSE(json::parse(asked_.body).contains("TemplateParamSet"));
}

// W25: what is a number in configurations is text on the wire.
TEST_F(sms_status, w25_tencent_is_told_texts) {
  sent_by(provider::tencent, "bare", {});
  auto told = json::parse(asked_.body);
  EXPECT_TRUE(told.at("TemplateId").is_string());
  EXPECT_TRUE(told.at("SmsSdkAppId").is_string());
  EXPECT_EQ(told.at("PhoneNumberSet"), json::array({"+8613711112222"}));
}

TEST_F(sms_status, tencent_is_asked_for_the_number) {
  answer_ = tencent_answer({tencent_entry("s1", "SUCCESS")});
  EXPECT_EQ(asked_of(provider::tencent, about("s1")).what, fate::delivered);
  EXPECT_EQ(asked_.get_header_value("X-TC-Action"),
            "PullSmsSendStatusByPhoneNumber");
  EXPECT_EQ(json::parse(asked_.body), (json{{"PhoneNumber", "+8613711112222"},
                                            {"SmsSdkAppId", "1400006666"},
                                            {"BeginTime", 1483199700},
                                            {"Offset", 0},
                                            {"Limit", 100}}));
}

TEST_F(sms_status, aliyun_is_asked_for_the_day_in_beijing) {
  answer_ = aliyun_answer({aliyun_entry(3, "effect-1")});
  EXPECT_EQ(asked_of(provider::aliyun, about("b^1")).what, fate::delivered);
  EXPECT_EQ(asked_.get_header_value("x-acs-action"), "QuerySendDetails");
  EXPECT_EQ(asked_.get_param_value("SendDate"), "20170101");
  EXPECT_EQ(asked_.get_param_value("PhoneNumber"), "13711112222");
  EXPECT_EQ(asked_.get_param_value("BizId"), "b^1");
  asked_of(provider::aliyun, about(""));
  EXPECT_FALSE(asked_.has_param("BizId"));
}

// A kept connection may be dead without anybody's knowing; decision 0012.
TEST_F(sms_status, questions_share_a_connection_and_messages_do_not) {
  answer_ = json::array();
  for (auto by : {provider::tencent, provider::aliyun}) {
    asked_of(by, about("s1"));
    auto kept = asked_.remote_port;
    asked_of(by, about("s1"));
    EXPECT_EQ(asked_.remote_port, kept);
    sent_by(by, "bare", {});
    EXPECT_NE(asked_.remote_port, kept);
  }
}

TEST_F(sms_status, a_broken_answer_tells_nothing) {
  answer_ = json::array();
  for (auto by : {provider::tencent, provider::aliyun})
    EXPECT_EQ(asked_of(by, about("s1")).what, fate::unanswered);
}

} // namespace zhiku::sms
