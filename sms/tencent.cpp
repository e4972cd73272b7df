#include "sms/tencent.hpp"

#include "sms/fields.hpp"
#include "sms/http_carrier.hpp"
#include "sms/tc3.hpp"
#include "sms/variables.hpp"

#include <array>
#include <utility>

namespace zhiku::sms {

using nlohmann::json;

namespace {

constexpr const char* own_address = "https://sms.tencentcloudapi.com";
constexpr const char* country_code = "+86";
constexpr std::chrono::minutes clock_tolerance{5};
constexpr int most_listed = 100;
constexpr const char* content_type = "application/json; charset=utf-8";

std::int64_t unix_now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/// What became of the one number; the whole request's error otherwise.
result result_in(const json& answer) {
  const auto& response = object_in(answer, "Response");
  if (response.contains("Error")) {
    auto code = text_in(object_in(response, "Error"), "Code");
    return {tencent_verdict(code), code, {}};
  }
  const auto& set = list_in(response, "SendStatusSet");
  if (set.empty())
    return {};
  auto code = text_in(set.front(), "Code");
  return {tencent_verdict(code), code, text_in(set.front(), "SerialNo")};
}

bool is_about(const json& entry, const inquiry& about) {
  if (!about.serial.empty())
    return text_in(entry, "SerialNo") == about.serial;
  return !about.session_id.empty()
         && text_in(entry, "SessionContext") == about.session_id;
}

class tencent : public http_carrier {
public:
  tencent(settings how, std::shared_ptr<outgoing::client> via)
      : http_carrier(std::move(how), std::move(via), own_address) {
    // nop
  }

private:
  status told(const inquiry& about) override {
    using std::chrono::seconds;
    auto from = (about.sent_at - clock_tolerance).time_since_epoch();
    auto answer =
      call("PullSmsSendStatusByPhoneNumber",
           {{"PhoneNumber", country_code + about.phone},
            {"SmsSdkAppId", how_.app_id},
            {"BeginTime", std::chrono::duration_cast<seconds>(from).count()},
            {"Offset", 0},
            {"Limit", most_listed}},
           http_call::arrives::any_times);
    return tencent_status(answer.body, about);
  }

  result sent(const message& what) override {
    auto id = how_.templates.find(what.template_key);
    if (id == how_.templates.end())
      return {verdict::other_carrier, "template not configured", {}};
    json body = {{"PhoneNumberSet", json::array({country_code + what.phone})},
                 {"SmsSdkAppId", how_.app_id},
                 {"SignName", how_.sign_name},
                 {"TemplateId", id->second},
                 {"SessionContext", what.session_id}};
    for (const auto& each : what.params)
      body["TemplateParamSet"].push_back(
        fitted_variable(each, max_tencent_variable));
    auto answer = call("SendSms", body, http_call::arrives::once);
    return answer.body.is_null() ? answer.unanswered() : result_in(answer.body);
  }

  http_call::answer call(const std::string& action, const json& body,
                         http_call::arrives times) {
    auto payload = body.dump(-1, ' ', false, json::error_handler_t::replace);
    return call_.post({}, headers_for(action, payload), payload, times);
  }

  std::map<std::string, std::string> headers_for(const std::string& action,
                                                 const std::string& payload) {
    tc3_request request{"sms",
                        {{"content-type", content_type},
                         {"host", call_.host()},
                         {"x-tc-action", action}},
                        payload,
                        unix_now()};
    return {{"Content-Type", content_type},
            {"Host", call_.host()},
            {"X-TC-Action", action},
            {"X-TC-Version", "2021-01-11"},
            {"X-TC-Region", "ap-guangzhou"},
            {"X-TC-Timestamp", std::to_string(request.timestamp)},
            {"Authorization",
             tc3_authorization(request, how_.secret_id, how_.secret_key)}};
  }
};

} // namespace

std::unique_ptr<carrier> make_tencent(settings how,
                                      std::shared_ptr<outgoing::client> via) {
  return std::make_unique<tencent>(std::move(how), std::move(via));
}

verdict tencent_verdict(std::string_view code) {
  static constexpr auto exact =
    std::to_array<std::pair<std::string_view, verdict>>({
      {"Ok", verdict::sent},
      {"LimitExceeded.PhoneNumberThirtySecondLimit", verdict::wait},
      {"LimitExceeded.PhoneNumberOneHourLimit", verdict::wait},
      {"LimitExceeded.PhoneNumberDailyLimit", verdict::wait},
      {"LimitExceeded.PhoneNumberSameContentDailyLimit", verdict::wait},
      {"LimitExceeded.DeliveryFrequencyLimit", verdict::wait},
      {"FailedOperation.PhoneNumberInBlacklist", verdict::never},
      {"InvalidParameterValue.IncorrectPhoneNumber", verdict::never},
    });
  for (const auto& [name, meaning] : exact)
    if (name == code)
      return meaning;
  if (code.empty())
    return verdict::unknown;
  if (code.starts_with("InternalError")
      || code.starts_with("RequestLimitExceeded"))
    return verdict::retry;
  return verdict::other_carrier;
}

status tencent_status(const json& answer, const inquiry& about) {
  const auto& response = object_in(answer, "Response");
  if (response.contains("Error"))
    return {fate::unanswered, text_in(object_in(response, "Error"), "Code")};
  if (!response.contains("PullSmsSendStatusSet"))
    return {fate::unanswered, {}};
  for (const auto& entry : list_in(response, "PullSmsSendStatusSet")) {
    if (!is_about(entry, about))
      continue;
    auto outcome = text_in(entry, "ReportStatus");
    auto code = text_in(entry, "Description");
    if (outcome == "SUCCESS")
      return {fate::delivered, code};
    return {outcome == "FAIL" ? fate::failed : fate::pending, code};
  }
  return {about.serial.empty() ? fate::unknown : fate::pending, {}};
}

} // namespace zhiku::sms
