#include "sms/aliyun.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "sms/acs3.hpp"
#include "sms/beijing_time.hpp"
#include "sms/fields.hpp"
#include "sms/http_carrier.hpp"
#include "sms/variables.hpp"

#include <array>
#include <ctime>
#include <utility>

namespace zhiku::sms {

using nlohmann::json;

namespace {

constexpr const char* most_listed = "50";
constexpr const char* own_address = "https://dysmsapi.aliyuncs.com";

/// 2023-11-14T22:13:20Z
std::string utc_now() {
  auto now =
    std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  auto size =
    std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return {text.data(), size};
}

/// A template as configured: "SMS_1234:code,minutes".
struct named_template {
  std::string id;
  std::vector<std::string> names;
};

named_template template_of(const std::string& configured) {
  auto colon = configured.find(':');
  named_template out{configured.substr(0, colon), {}};
  while (colon != std::string::npos) {
    auto from = colon + 1;
    colon = configured.find(',', from);
    out.names.push_back(configured.substr(
      from, colon == std::string::npos ? colon : colon - from));
  }
  return out;
}

/// @pre as many values as names
std::string aliyun_variables(const std::vector<std::string>& names,
                             const std::vector<std::string>& values) {
  json out = json::object();
  for (std::size_t i = 0; i < names.size(); ++i)
    out[names[i]] = fitted_variable(values[i], max_aliyun_variable);
  return out.dump();
}

bool is_about(const json& entry, const inquiry& about) {
  // A query by serial lists nothing else.
  if (!about.serial.empty())
    return true;
  return !about.session_id.empty()
         && text_in(entry, "OutId") == about.session_id;
}

class aliyun : public http_carrier {
public:
  aliyun(settings how, std::shared_ptr<outgoing::client> via)
      : http_carrier(std::move(how), std::move(via), own_address) {
    // nop
  }

private:
  status told(const inquiry& about) override {
    std::map<std::string, std::string> query{
      {"PhoneNumber", about.phone},
      {"SendDate", beijing_day(about.sent_at)},
      {"PageSize", most_listed},
      {"CurrentPage", "1"}};
    if (!about.serial.empty())
      query["BizId"] = about.serial;
    return aliyun_status(
      call("QuerySendDetails", std::move(query), http_call::arrives::any_times)
        .body,
      about);
  }

  result sent(const message& what) override {
    auto configured = how_.templates.find(what.template_key);
    if (configured == how_.templates.end())
      return {verdict::other_carrier, "template not configured", {}};
    auto form = template_of(configured->second);
    if (form.names.size() != what.params.size())
      return {verdict::other_carrier, "parameters not configured", {}};
    std::map<std::string, std::string> query{{"PhoneNumbers", what.phone},
                                             {"SignName", how_.sign_name},
                                             {"TemplateCode", form.id},
                                             {"OutId", what.session_id}};
    // An empty object is refused where a template has no variable.
    if (!form.names.empty())
      query["TemplateParam"] = aliyun_variables(form.names, what.params);
    auto answer = call("SendSms", std::move(query), http_call::arrives::once);
    if (answer.body.is_null())
      return answer.unanswered();
    auto code = text_in(answer.body, "Code");
    return {aliyun_verdict(code), code, text_in(answer.body, "BizId")};
  }

  http_call::answer call(const std::string& action,
                         std::map<std::string, std::string> query,
                         http_call::arrives times) {
    acs3_request request{std::move(query),
                         {{"host", call_.host()},
                          {"x-acs-action", action},
                          {"x-acs-version", "2017-05-25"},
                          {"x-acs-date", utc_now()},
                          {"x-acs-signature-nonce", to_hex(random_bytes(16))},
                          {"x-acs-content-sha256", to_hex(sha256({}))}},
                         {}};
    auto headers = request.signed_headers;
    headers["Authorization"] =
      acs3_authorization(request, how_.secret_id, how_.secret_key);
    return call_.post(acs3_canonical_query(request.query), headers, {}, times);
  }
};

} // namespace

std::unique_ptr<carrier> make_aliyun(settings how,
                                     std::shared_ptr<outgoing::client> via) {
  return std::make_unique<aliyun>(std::move(how), std::move(via));
}

verdict aliyun_verdict(std::string_view code) {
  static constexpr auto exact =
    std::to_array<std::pair<std::string_view, verdict>>({
      {"OK", verdict::sent},
      {"isv.BUSINESS_LIMIT_CONTROL", verdict::wait},
      {"isv.MOBILE_NUMBER_ILLEGAL", verdict::never},
      {"isv.MOBILE_COUNT_OVER_LIMIT", verdict::never},
      {"SignatureNonceUsed", verdict::retry},
      {"isp.SYSTEM_ERROR", verdict::retry},
      {"ServiceUnavailable", verdict::retry},
    });
  for (const auto& [name, meaning] : exact)
    if (name == code)
      return meaning;
  if (code.empty())
    return verdict::unknown;
  if (code.starts_with("Throttling"))
    return verdict::retry;
  return verdict::other_carrier;
}

status aliyun_status(const json& answer, const inquiry& about) {
  auto code = text_in(answer, "Code");
  if (code != "OK")
    return {fate::unanswered, code};
  const auto& details = object_in(answer, "SmsSendDetailDTOs");
  for (const auto& entry : list_in(details, "SmsSendDetailDTO")) {
    if (!is_about(entry, about))
      continue;
    auto progress = text_in(entry, "SendStatus");
    auto error = text_in(entry, "ErrCode");
    if (progress == "1")
      return {fate::pending, error};
    if (progress == "2")
      return {fate::failed, error};
    return {progress == "3" ? fate::delivered : fate::pending, error};
  }
  return {};
}

} // namespace zhiku::sms
