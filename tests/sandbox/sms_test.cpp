#include "tests/sandbox/fixture.hpp"

#include "sms/carrier.hpp"

namespace zhiku::sandbox {

namespace {

class carriers : public sandbox_fixture,
                 public testing::WithParamInterface<sms::provider> {
protected:
  bool is_tencent() const {
    return GetParam() == sms::provider::tencent;
  }

  sms::settings carrier_settings() const {
    sms::settings out;
    out.by = GetParam();
    out.base_url = base() + (is_tencent() ? "/sms/tencent" : "/sms/aliyun/");
    out.secret_id = how_.sms_secret_id;
    out.secret_key = how_.sms_secret_key;
    out.app_id = "1400006666";
    out.sign_name = "智库";
    out.templates = {{"code", is_tencent() ? "1110" : "SMS_1110:code,minutes"}};
    return out;
  }

  static sms::message code_message() {
    return {"13711112222", "code", {"123456", "5 + a*b~"}, "effect-1"};
  }

  json inbox(const std::string& phone) {
    return get("/control/sms?phone=" + phone).at("messages");
  }
};

} // namespace

TEST_P(carriers, send_a_signed_message) {
  auto carrier = sms::make_carrier(carrier_settings(), client_);
  auto sent = carrier->send(code_message());
  ASSERT_EQ(sent.what, sms::verdict::sent) << sent.code;
  EXPECT_FALSE(sent.serial.empty());
  auto got = inbox("13711112222");
  ASSERT_EQ(got.size(), 1u);
  EXPECT_EQ(got[0].at("serial"), sent.serial);
  EXPECT_EQ(got[0].at("sign"), "智库");
  EXPECT_EQ(got[0].at("session_id"), "effect-1");
  EXPECT_EQ(got[0].at("params")[0].at("value"), "123456");
  EXPECT_EQ(got[0].at("params")[1].at("value"), "5 + a*b~");
  EXPECT_TRUE(inbox("13700000000").empty());
}

TEST_P(carriers, show_the_text_of_a_known_template) {
  post("/control/sms-templates",
       {{"template_id", is_tencent() ? "1110" : "SMS_1110"},
        {"text", is_tencent() ? "验证码 {1}，{2} 分钟内有效"
                              : "验证码 ${code}，${minutes} 分钟内有效"}});
  auto what = code_message();
  what.params = {"123456", "5"};
  sms::make_carrier(carrier_settings(), client_)->send(what);
  EXPECT_EQ(inbox("13711112222")[0].at("text"),
            "【智库】验证码 123456，5 分钟内有效");
}

TEST_P(carriers, serve_at_the_root_by_their_headers) {
  auto how = carrier_settings();
  how.base_url = base();
  EXPECT_EQ(sms::make_carrier(how, client_)->send(code_message()).what,
            sms::verdict::sent);
}

TEST_P(carriers, refuse_a_wrong_secret) {
  auto how = carrier_settings();
  how.secret_key = "wrong";
  auto refused = sms::make_carrier(how, client_)->send(code_message());
  EXPECT_EQ(refused.what, sms::verdict::other_carrier);
  EXPECT_EQ(refused.code, is_tencent() ? "AuthFailure.SignatureFailure"
                                       : "SignatureDoesNotMatch");
  EXPECT_TRUE(inbox("13711112222").empty());
}

TEST_P(carriers, tell_the_person_to_wait) {
  const auto* limit = is_tencent()
                        ? "LimitExceeded.PhoneNumberThirtySecondLimit"
                        : "isv.BUSINESS_LIMIT_CONTROL";
  post("/control/faults", {{"api", is_tencent() ? "sms_tencent" : "sms_aliyun"},
                           {"errcode", limit}});
  auto carrier = sms::make_carrier(carrier_settings(), client_);
  auto refused = carrier->send(code_message());
  EXPECT_EQ(refused.what, sms::verdict::wait);
  EXPECT_EQ(refused.code, limit);
  EXPECT_TRUE(inbox("13711112222").empty());
  EXPECT_EQ(carrier->send(code_message()).what, sms::verdict::sent);
}

TEST_P(carriers, do_not_know_what_became_of_a_broken_call) {
  post("/control/faults",
       {{"api", is_tencent() ? "sms_tencent" : "sms_aliyun"}, {"drop", true}});
  auto answer =
    sms::make_carrier(carrier_settings(), client_)->send(code_message());
  EXPECT_EQ(answer.what, sms::verdict::unknown);
}

INSTANTIATE_TEST_SUITE_P(both, carriers,
                         testing::Values(sms::provider::tencent,
                                         sms::provider::aliyun),
                         [](const auto& instance) {
                           return instance.param == sms::provider::tencent
                                    ? std::string{"tencent"}
                                    : std::string{"aliyun"};
                         });

} // namespace zhiku::sandbox
