#include "sms/tencent.hpp"

#include "sms/fields.hpp"
#include "sms/http_call.hpp"
#include "sms/tc3.hpp"

#include <array>
#include <utility>

namespace zhiku::sms {

using nlohmann::json;

namespace {

constexpr const char* own_address = "https://sms.tencentcloudapi.com";
constexpr const char* content_type = "application/json; charset=utf-8";

std::int64_t unix_now() {
  using namespace std::chrono;
  return duration_cast<seconds>(system_clock::now().time_since_epoch()).count();
}

/// What became of the one number; the whole request's error otherwise.
result result_in(const json& answer) {
  auto response = answer.value("Response", json::object());
  if (!response.is_object())
    return {};
  if (auto error = response.find("Error"); error != response.end()) {
    auto code = text_in(*error, "Code");
    return {tencent_verdict(code), code, {}};
  }
  auto set = response.find("SendStatusSet");
  if (set == response.end() || !set->is_array() || set->empty())
    return {};
  auto code = text_in(set->front(), "Code");
  return {tencent_verdict(code), code, text_in(set->front(), "SerialNo")};
}

class tencent : public carrier {
public:
  explicit tencent(settings how)
      : how_(std::move(how)),
        call_(how_.base_url.empty() ? own_address : how_.base_url, how_) {
    // nop
  }

  result send(const message& what) override {
    auto id = how_.templates.find(what.template_key);
    if (id == how_.templates.end())
      return {verdict::other_carrier, "template not configured", {}};
    json body = {{"PhoneNumberSet", json::array({"+86" + what.phone})},
                 {"SmsSdkAppId", how_.app_id},
                 {"SignName", how_.sign_name},
                 {"TemplateId", id->second},
                 {"TemplateParamSet", what.params},
                 {"SessionContext", what.session_id}};
    auto payload = body.dump(-1, ' ', false, json::error_handler_t::replace);
    auto answer = call_.post({}, headers_for(payload), payload);
    return answer.body.is_null() ? answer.unanswered() : result_in(answer.body);
  }

private:
  std::map<std::string, std::string> headers_for(const std::string& payload) {
    tc3_request request{"sms",
                        {{"content-type", content_type},
                         {"host", call_.host()},
                         {"x-tc-action", "SendSms"}},
                        payload,
                        unix_now()};
    return {{"Content-Type", content_type},
            {"Host", call_.host()},
            {"X-TC-Action", "SendSms"},
            {"X-TC-Version", "2021-01-11"},
            {"X-TC-Region", "ap-guangzhou"},
            {"X-TC-Timestamp", std::to_string(request.timestamp)},
            {"Authorization",
             tc3_authorization(request, how_.secret_id, how_.secret_key)}};
  }

  settings how_;
  http_call call_;
};

} // namespace

std::unique_ptr<carrier> make_tencent(settings how) {
  return std::make_unique<tencent>(std::move(how));
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

} // namespace zhiku::sms
