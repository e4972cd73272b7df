#include "sandbox/sms_desk.hpp"

#include "base/random.hpp"
#include "sandbox/sms_words.hpp"

#include <algorithm>
#include <charconv>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::size_t max_sent = 5000;
constexpr std::size_t max_tencent_phones = 200;
constexpr std::size_t mobile_digits = 11;
constexpr std::string_view serial_prefix = "sandbox:";

void replace_all(std::string& in, const std::string& what,
                 const std::string& with) {
  for (auto at = in.find(what); at != std::string::npos;
       at = in.find(what, at + with.size()))
    in.replace(at, what.size(), with);
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

sms_desk::answer aliyun_refusal(const std::string& code) {
  auto body = aliyun_answer(code);
  auto status = aliyun_http_status(code);
  if (status != 200)
    body["HostId"] = "dysmsapi.aliyuncs.com";
  return {std::move(body), {}, status};
}

std::int64_t number_of(const std::string& serial) {
  std::int64_t out = 0;
  if (serial.starts_with(serial_prefix))
    std::from_chars(serial.data() + serial_prefix.size(),
                    serial.data() + serial.size(), out);
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
  for (const auto& phone : phones)
    set.push_back(
      tencent_send_one(body, phone.get<std::string>(), code, now, out.serials));
  out.body = {
    {"Response", {{"SendStatusSet", set}, {"RequestId", new_uuid()}}}};
  return out;
}

json sms_desk::tencent_send_one(const json& body, const std::string& phone,
                                std::string code, instant now,
                                std::vector<std::string>& serials) {
  auto mobile = without_country(phone);
  auto session = text_in(body, "SessionContext");
  json line = {{"carrier", "tencent"},
               {"phone", mobile},
               {"sign", text_in(body, "SignName")},
               {"template", text_in(body, "TemplateId")},
               {"params", positional_params(
                            body.value("TemplateParamSet", json::array()))},
               {"session_id", session}};
  if (code.empty() && !is_mobile(mobile))
    code = "InvalidParameterValue.IncorrectPhoneNumber";
  if (code.empty() && lacks_parameters(line))
    code = "FailedOperation.TemplateParamSetNotMatchApprovedTemplate";
  auto taken = code.empty();
  if (taken)
    serials.push_back(deliver(std::move(line), now));
  return {{"SerialNo", taken ? serials.back() : ""},
          {"PhoneNumber", phone},
          {"Fee", taken ? 1 : 0},
          {"SessionContext", session},
          {"Code", taken ? "Ok" : code},
          {"Message", taken ? "send success" : "sandbox: " + code},
          {"IsoCode", "CN"}};
}

json sms_desk::tencent_status(const json& body) const {
  auto phone = without_country(text_in(body, "PhoneNumber"));
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
  return found == sent_.end() ? std::string{}
                              : text_in(found->second, "carrier");
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
  auto known = texts_.find(text_in(line, "template"));
  if (known == texts_.end())
    return false;
  auto wording = known->second;
  for (const auto& param : line.at("params")) {
    replace_all(wording, "${" + text_in(param, "name") + '}', "");
    replace_all(wording, '{' + text_in(param, "name") + '}', "");
  }
  return wording.find('{') != std::string::npos;
}

/// Keeps the message as the person would read it; its serial number.
std::string sms_desk::deliver(json line, instant now) {
  auto known = texts_.find(text_in(line, "template"));
  auto wording = known == texts_.end() ? std::string{} : known->second;
  std::string listed;
  for (const auto& param : line.at("params")) {
    auto value = text_in(param, "value");
    replace_all(wording, "${" + text_in(param, "name") + '}', value);
    replace_all(wording, '{' + text_in(param, "name") + '}', value);
    listed += (listed.empty() ? "" : "，") + value;
  }
  if (wording.empty())
    wording = text_in(line, "template") + "：" + listed;
  auto number = ++last_number_;
  auto serial = std::string{serial_prefix} + std::to_string(number);
  line["text"] = "【" + text_in(line, "sign") + "】" + wording;
  line["serial"] = serial;
  line["status"] = "waiting";
  line["at"] = unix_seconds(now);
  sent_.emplace(number, std::move(line));
  if (sent_.size() > max_sent)
    sent_.erase(sent_.begin());
  return serial;
}

} // namespace zhiku::sandbox
