#include "outgoing/client.hpp"
#include "sms/aliyun.hpp"
#include "sms/tencent.hpp"

#include <gtest/gtest.h>

namespace zhiku::sms {

namespace {

message code_message() {
  return {"13711112222", "code", {"123456", "5"}, "effect-1"};
}

std::shared_ptr<outgoing::client> new_client() {
  return std::make_shared<outgoing::client>();
}

settings nowhere(provider by) {
  settings how;
  how.by = by;
  how.base_url = "http://127.0.0.1:1";
  how.templates = {{"code", "SMS_1:code,minutes"}, {"odd", "SMS_2:one"}};
  return how;
}

} // namespace

TEST(tencent, verdicts) {
  EXPECT_EQ(tencent_verdict("Ok"), verdict::sent);
  EXPECT_EQ(tencent_verdict("OK"), verdict::other_carrier);
  EXPECT_EQ(tencent_verdict("LimitExceeded.PhoneNumberThirtySecondLimit"),
            verdict::wait);
  EXPECT_EQ(tencent_verdict("LimitExceeded.PhoneNumberDailyLimit"),
            verdict::wait);
  EXPECT_EQ(tencent_verdict("LimitExceeded.AppDailyLimit"),
            verdict::other_carrier);
  EXPECT_EQ(tencent_verdict("FailedOperation.PhoneNumberInBlacklist"),
            verdict::never);
  EXPECT_EQ(tencent_verdict("InvalidParameterValue.IncorrectPhoneNumber"),
            verdict::never);
  EXPECT_EQ(tencent_verdict("InvalidParameterValue.ContentLengthLimit"),
            verdict::other_carrier);
  EXPECT_EQ(tencent_verdict("AuthFailure.SignatureFailure"),
            verdict::other_carrier);
  EXPECT_EQ(tencent_verdict("InternalError.Timeout"), verdict::retry);
  EXPECT_EQ(tencent_verdict("RequestLimitExceeded"), verdict::retry);
  EXPECT_EQ(tencent_verdict(""), verdict::unknown);
}

TEST(aliyun, verdicts) {
  EXPECT_EQ(aliyun_verdict("OK"), verdict::sent);
  EXPECT_EQ(aliyun_verdict("Ok"), verdict::other_carrier);
  EXPECT_EQ(aliyun_verdict("isv.BUSINESS_LIMIT_CONTROL"), verdict::wait);
  EXPECT_EQ(aliyun_verdict("isv.MOBILE_NUMBER_ILLEGAL"), verdict::never);
  EXPECT_EQ(aliyun_verdict("isv.SMS_TEMPLATE_ILLEGAL"), verdict::other_carrier);
  EXPECT_EQ(aliyun_verdict("SignatureNonceUsed"), verdict::retry);
  EXPECT_EQ(aliyun_verdict("Throttling.User"), verdict::retry);
  EXPECT_EQ(aliyun_verdict(""), verdict::unknown);
}

TEST(carrier, a_refused_connection_may_be_retried) {
  // Nothing listens on port 1, so nothing can have been sent.
  for (auto by : {provider::tencent, provider::aliyun})
    EXPECT_EQ(
      make_carrier(nowhere(by), new_client())->send(code_message()).what,
      verdict::retry);
}

TEST(carrier, a_template_that_is_not_configured_goes_elsewhere) {
  for (auto by : {provider::tencent, provider::aliyun}) {
    auto unknown = code_message();
    unknown.template_key = "none";
    EXPECT_EQ(make_carrier(nowhere(by), new_client())->send(unknown).what,
              verdict::other_carrier);
  }
}

TEST(carrier, aliyun_wants_a_name_for_each_parameter) {
  auto unnamed = code_message();
  unnamed.template_key = "odd";
  EXPECT_EQ(
    make_carrier(nowhere(provider::aliyun), new_client())->send(unnamed).what,
    verdict::other_carrier);
}

TEST(carrier, results_name_who_answered) {
  for (auto by : {provider::tencent, provider::aliyun}) {
    auto how = nowhere(by);
    EXPECT_EQ(make_carrier(how, new_client())->send(code_message()).carrier,
              name_of(by));
    how.name = "spare";
    EXPECT_EQ(make_carrier(how, new_client())->send(code_message()).carrier,
              "spare");
  }
}

TEST(carrier, is_not_asked_about_what_another_sent) {
  // Asking would try to connect, and tell a code of its own.
  for (auto by : {provider::tencent, provider::aliyun})
    EXPECT_EQ(make_carrier(nowhere(by), new_client())
                ->status_of({"other", {}, {}, {}, {}}),
              status{});
}

TEST(carrier, several_are_tried_in_their_order) {
  auto lacking = nowhere(provider::tencent);
  lacking.templates.clear();
  auto all = make_carriers({lacking, nowhere(provider::aliyun)}, new_client())
               ->send(code_message());
  EXPECT_EQ(all.what, verdict::retry);
  EXPECT_EQ(all.carrier, "aliyun");
  auto alone = make_carriers({lacking}, new_client())->send(code_message());
  EXPECT_EQ(alone.what, verdict::other_carrier);
  EXPECT_EQ(alone.carrier, "tencent");
}

} // namespace zhiku::sms
