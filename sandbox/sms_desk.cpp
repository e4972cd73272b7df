#include "sandbox/sms_desk.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::size_t max_sent = 5000;
constexpr std::size_t max_tencent_phones = 200;
constexpr std::size_t mobile_digits = 11;
constexpr std::string_view country_code = "+86";
constexpr std::string_view serial_prefix = "sandbox:";
constexpr std::chrono::hours beijing_offset{8};

std::string text(const json& from, const char* name) {
  auto found = from.find(name);
  if (found == from.end() || found->is_null())
    return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

void replace_all(std::string& in, const std::string& what,
                 const std::string& with) {
  for (auto at = in.find(what); at != std::string::npos;
       at = in.find(what, at + with.size()))
    in.replace(at, what.size(), with);
}

/// `2015-10-17 08:03:04`, as both carriers write Beijing time.
std::string beijing_text(std::int64_t at, const char* format) {
  std::time_t shifted = at + std::chrono::seconds{beijing_offset}.count();
  std::tm parts{};
  gmtime_r(&shifted, &parts);
  std::array<char, 32> out{};
  std::strftime(out.data(), out.size(), format, &parts);
  return out.data();
}

std::string beijing_time(std::int64_t at) {
  return beijing_text(at, "%Y-%m-%d %H:%M:%S");
}

bool is_mobile(const std::string& phone) {
  return phone.size() == mobile_digits && phone.front() == '1'
         && std::all_of(phone.begin(), phone.end(),
                        [](char c) { return c >= '0' && c <= '9'; });
}

std::string without_country(const std::string& phone) {
  return phone.starts_with(country_code) ? phone.substr(country_code.size())
                                         : phone;
}

json tencent_error(const std::string& code) {
  return {{"Response",
           {{"Error", {{"Code", code}, {"Message", "sandbox: " + code}}},
            {"RequestId", new_uuid()}}}};
}

/// Whether Tencent refuses the whole request so, not one number of it.
bool is_of_whole_request(const std::string& code) {
  static constexpr std::array<std::string_view, 5> families = {
    "AuthFailure", "InternalError", "InvalidParameter.", "RequestLimitExceeded",
    "UnauthorizedOperation"};
  return std::any_of(families.begin(), families.end(),
                     [&code](auto each) { return code.starts_with(each); });
}

json aliyun_answer(const std::string& code, const std::string& biz_id = {}) {
  json out = {{"Code", code},
              {"Message", code == "OK" ? "OK" : "sandbox: " + code},
              {"RequestId", new_uuid()}};
  if (!biz_id.empty())
    out["BizId"] = biz_id;
  return out;
}

/// Aliyun's gateway says no by HTTP status, the service behind it never does.
int aliyun_http_status(const std::string& code) {
  if (code == "OK" || code.starts_with("isv.") || code.starts_with("isp."))
    return 200;
  if (code.ends_with(".NotFound"))
    return 404;
  return code == "ServiceUnavailable" ? 503 : 400;
}

sms_desk::answer aliyun_refusal(const std::string& code) {
  auto body = aliyun_answer(code);
  auto status = aliyun_http_status(code);
  if (status != 200)
    body["HostId"] = "dysmsapi.aliyuncs.com";
  return {std::move(body), {}, status};
}

/// `{"code":"123"}` as `[{"name":"code","value":"123"}]`.
json named_params(const json& params) {
  json out = json::array();
  for (const auto& [name, value] : params.items())
    out.push_back(
      {{"name", name},
       {"value", value.is_string() ? value.get<std::string>() : value.dump()}});
  return out;
}

/// `["123"]` as `[{"name":"1","value":"123"}]`: positions count from 1.
json positional_params(const json& params) {
  json out = json::array();
  for (std::size_t i = 0; i < params.size(); ++i)
    out.push_back({{"name", std::to_string(i + 1)}, {"value", params[i]}});
  return out;
}

std::int64_t number_of(const std::string& serial) {
  std::int64_t out = 0;
  if (serial.starts_with(serial_prefix))
    std::from_chars(serial.data() + serial_prefix.size(),
                    serial.data() + serial.size(), out);
  return out;
}

json tencent_report(const json& line) {
  auto failed = line.at("status") == "failed";
  return {{"user_receive_time",
           beijing_time(line.at("reported_at").get<std::int64_t>())},
          {"nationcode", "86"},
          {"mobile", line.at("phone")},
          {"report_status", failed ? "FAIL" : "SUCCESS"},
          {"errmsg", failed ? text(line, "failure") : "DELIVRD"},
          {"description", failed ? "短信发送失败" : "用户短信送达成功"},
          {"sid", line.at("serial")}};
}

json aliyun_report(const json& line) {
  auto failed = line.at("status") == "failed";
  return {
    {"phone_number", line.at("phone")},
    {"send_time", beijing_time(line.at("at").get<std::int64_t>())},
    {"report_time", beijing_time(line.at("reported_at").get<std::int64_t>())},
    {"success", !failed},
    {"err_code", failed ? text(line, "failure") : "DELIVERED"},
    {"err_msg", failed ? "用户接收失败" : "用户接收成功"},
    {"sms_size", "1"},
    {"biz_id", line.at("serial")},
    {"out_id", line.at("session_id")}};
}

/// What `PullSmsSendStatusByPhoneNumber` tells of one message.
json tencent_detail(const json& line) {
  auto report = tencent_report(line);
  auto phone = text(line, "phone");
  return {{"UserReceiveTime", line.at("reported_at")},
          {"CountryCode", "86"},
          {"SubscriberNumber", phone},
          {"PhoneNumber", std::string{country_code} + phone},
          {"SerialNo", line.at("serial")},
          {"ReportStatus", report.at("report_status")},
          {"Description", report.at("errmsg")},
          {"SessionContext", line.at("session_id")}};
}

/// What `QuerySendDetails` tells of one message: 1 waits, 2 failed, 3 arrived.
json aliyun_detail(const json& line) {
  auto status = text(line, "status");
  json out = {{"PhoneNum", line.at("phone")},
              {"SendDate", beijing_time(line.at("at").get<std::int64_t>())},
              {"SendStatus", status == "waiting"  ? 1
                             : status == "failed" ? 2
                                                  : 3},
              {"TemplateCode", line.at("template")},
              {"Content", line.at("text")},
              {"OutId", line.at("session_id")},
              {"ErrCode", ""}};
  if (status != "waiting") {
    auto report = aliyun_report(line);
    out["ErrCode"] = report.at("err_code");
    out["ReceiveDate"] = report.at("report_time");
  }
  return out;
}

} // namespace

sms_desk::sms_desk(sms_account account) : account_(std::move(account)) {
  // nop
}

sms_desk::answer sms_desk::tencent(const sms_request& request,
                                   const std::string& code, instant now) {
  if (auto refusal = refusal_of_tc3(request, account_, now); !refusal.empty())
    return {tencent_error(refusal), {}};
  auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object())
    return {tencent_error("InvalidParameter"), {}};
  auto action = request.header("x-tc-action");
  if (action == "SendSms")
    return tencent_send(body, code, now);
  if (action == "PullSmsSendStatusByPhoneNumber")
    return {tencent_status(body), {}};
  return {tencent_error("InvalidAction"), {}};
}

sms_desk::answer sms_desk::tencent_send(const json& body,
                                        const std::string& code, instant now) {
  auto phones = body.value("PhoneNumberSet", json::array());
  if (is_of_whole_request(code))
    return {tencent_error(code), {}};
  if (phones.empty())
    return {tencent_error("MissingParameter"), {}};
  if (phones.size() > max_tencent_phones)
    return {tencent_error("LimitExceeded.PhoneNumberCountLimit"), {}};
  answer out;
  json set = json::array();
  for (const auto& entry : phones) {
    auto phone = entry.get<std::string>();
    json line = {{"carrier", "tencent"},
                 {"phone", without_country(phone)},
                 {"sign", text(body, "SignName")},
                 {"template", text(body, "TemplateId")},
                 {"params", positional_params(
                              body.value("TemplateParamSet", json::array()))},
                 {"session_id", text(body, "SessionContext")}};
    auto verdict = code;
    if (verdict.empty() && !is_mobile(without_country(phone)))
      verdict = "InvalidParameterValue.IncorrectPhoneNumber";
    if (verdict.empty() && lacks_parameters(line))
      verdict = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate";
    auto taken = verdict.empty();
    if (taken)
      out.serials.push_back(deliver(std::move(line), now));
    set.push_back({{"SerialNo", taken ? out.serials.back() : ""},
                   {"PhoneNumber", phone},
                   {"Fee", taken ? 1 : 0},
                   {"SessionContext", text(body, "SessionContext")},
                   {"Code", taken ? "Ok" : verdict},
                   {"Message", taken ? "send success" : "sandbox: " + verdict},
                   {"IsoCode", "CN"}});
  }
  out.body = {
    {"Response", {{"SendStatusSet", set}, {"RequestId", new_uuid()}}}};
  return out;
}

json sms_desk::tencent_status(const json& body) const {
  auto phone = without_country(text(body, "PhoneNumber"));
  auto from = body.value("BeginTime", std::int64_t{0});
  auto limit = body.value("Limit", std::size_t{100});
  auto skip = body.value("Offset", std::size_t{0});
  json set = json::array();
  for (const auto& [number, line] : sent_) {
    auto fits = line.at("carrier") == "tencent" && line.at("phone") == phone
                && line.at("status") != "waiting" && line.at("at") >= from;
    if (!fits)
      continue;
    if (skip > 0)
      --skip;
    else if (set.size() < limit)
      set.push_back(tencent_detail(line));
  }
  return {
    {"Response", {{"PullSmsSendStatusSet", set}, {"RequestId", new_uuid()}}}};
}

sms_desk::answer sms_desk::aliyun(const sms_request& request,
                                  const std::string& code, instant now) {
  if (auto refusal = refusal_of_aliyun(request, account_, now);
      !refusal.empty())
    return aliyun_refusal(refusal);
  if (auto nonce = nonce_of(request);
      !nonce.empty() && !nonces_.insert(nonce).second)
    return aliyun_refusal("SignatureNonceUsed");
  auto action = request.header("x-acs-action");
  if (action.empty())
    action = request.parameter("Action");
  if (action == "QuerySendDetails")
    return {aliyun_status(request), {}};
  if (action != "SendSms")
    return aliyun_refusal("InvalidAction.NotFound");
  return code.empty() ? aliyun_send(request, now) : aliyun_refusal(code);
}

sms_desk::answer sms_desk::aliyun_send(const sms_request& request,
                                       instant now) {
  auto phone = request.parameter("PhoneNumbers");
  auto given = request.parameter("TemplateParam");
  auto params = json::parse(given.empty() ? "{}" : given, nullptr, false);
  if (!params.is_object())
    return aliyun_refusal("isv.INVALID_JSON_PARAM");
  if (!is_mobile(without_country(phone)))
    return aliyun_refusal("isv.MOBILE_NUMBER_ILLEGAL");
  json line = {{"carrier", "aliyun"},
               {"phone", without_country(phone)},
               {"sign", request.parameter("SignName")},
               {"template", request.parameter("TemplateCode")},
               {"params", named_params(params)},
               {"session_id", request.parameter("OutId")}};
  if (lacks_parameters(line))
    return aliyun_refusal("isv.TEMPLATE_MISSING_PARAMETERS");
  auto serial = deliver(std::move(line), now);
  return {aliyun_answer("OK", serial), {serial}};
}

json sms_desk::aliyun_status(const sms_request& request) const {
  auto phone = without_country(request.parameter("PhoneNumber"));
  auto biz_id = request.parameter("BizId");
  auto day = request.parameter("SendDate");
  json found = json::array();
  for (const auto& [number, line] : sent_) {
    auto sent_on = beijing_text(line.at("at").get<std::int64_t>(), "%Y%m%d");
    if (line.at("carrier") == "aliyun" && line.at("phone") == phone
        && (biz_id.empty() || line.at("serial") == biz_id)
        && (day.empty() || day == sent_on))
      found.push_back(aliyun_detail(line));
  }
  auto out = aliyun_answer("OK");
  out["TotalCount"] = found.size();
  out["SmsSendDetailDTOs"] = {{"SmsSendDetailDTO", found}};
  return out;
}

void sms_desk::define(const std::string& template_id, std::string wording) {
  texts_[template_id] = std::move(wording);
}

json sms_desk::sent_to(const std::string& phone) const {
  json out = json::array();
  for (const auto& [number, line] : sent_)
    if (phone.empty() || line.at("phone") == phone)
      out.push_back(line);
  return out;
}

std::string sms_desk::carrier_of(const std::string& serial) const {
  auto found = sent_.find(number_of(serial));
  return found == sent_.end() ? std::string{} : text(found->second, "carrier");
}

json sms_desk::settle(const std::string& serial, const std::string& failure,
                      instant now) {
  auto found = sent_.find(number_of(serial));
  if (found == sent_.end())
    return {};
  auto& line = found->second;
  line["status"] = failure.empty() ? "arrived" : "failed";
  line["failure"] = failure;
  line["reported_at"] = unix_seconds(now);
  return line.at("carrier") == "tencent" ? tencent_report(line)
                                         : aliyun_report(line);
}

/// Whether a placeholder of the template's text gets no value.
bool sms_desk::lacks_parameters(const json& line) const {
  auto known = texts_.find(text(line, "template"));
  if (known == texts_.end())
    return false;
  auto wording = known->second;
  for (const auto& param : line.at("params")) {
    replace_all(wording, "${" + text(param, "name") + '}', "");
    replace_all(wording, '{' + text(param, "name") + '}', "");
  }
  return wording.find('{') != std::string::npos;
}

/// Keeps the message as the person would read it; its serial number.
std::string sms_desk::deliver(json line, instant now) {
  auto known = texts_.find(text(line, "template"));
  auto wording = known == texts_.end() ? std::string{} : known->second;
  std::string listed;
  for (const auto& param : line.at("params")) {
    auto value = text(param, "value");
    replace_all(wording, "${" + text(param, "name") + '}', value);
    replace_all(wording, '{' + text(param, "name") + '}', value);
    listed += (listed.empty() ? "" : "，") + value;
  }
  if (wording.empty())
    wording = text(line, "template") + "：" + listed;
  auto number = ++last_number_;
  auto serial = std::string{serial_prefix} + std::to_string(number);
  line["text"] = "【" + text(line, "sign") + "】" + wording;
  line["serial"] = serial;
  line["status"] = "waiting";
  line["at"] = unix_seconds(now);
  sent_.emplace(number, std::move(line));
  if (sent_.size() > max_sent)
    sent_.erase(sent_.begin());
  return serial;
}

} // namespace zhiku::sandbox
