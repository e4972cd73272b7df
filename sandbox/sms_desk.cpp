#include "sandbox/sms_desk.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/random.hpp"
#include "sms/acs3.hpp"
#include "sms/tc3.hpp"

#include <charconv>
#include <optional>
#include <regex>
#include <sstream>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::int64_t tc3_max_skew = 300;
constexpr std::size_t max_sent = 5000;
constexpr std::string_view country_code = "+86";

/// The parts of an `Authorization` header of either carrier.
struct authorization {
  std::string secret_id;
  std::vector<std::string> signed_headers;
  std::string signature;
};

std::optional<authorization> authorization_in(const sms_request& request) {
  static const std::regex form{
    "[A-Z0-9]+-HMAC-SHA256 Credential=([^/,]+)(?:/[^,]*)?, ?"
    "SignedHeaders=([^,]+), ?Signature=([0-9a-f]+)"};
  auto header = request.headers.find("authorization");
  std::smatch parts;
  if (header == request.headers.end()
      || !std::regex_match(header->second, parts, form))
    return std::nullopt;
  authorization out{parts[1], {}, parts[3]};
  std::istringstream names{parts[2]};
  for (std::string name; std::getline(names, name, ';');)
    out.signed_headers.push_back(name);
  return out;
}

std::string header_of(const sms_request& request, const std::string& name) {
  auto found = request.headers.find(name);
  return found == request.headers.end() ? std::string{} : found->second;
}

std::map<std::string, std::string> signed_headers(const sms_request& request,
                                                  const authorization& by) {
  std::map<std::string, std::string> out;
  for (const auto& name : by.signed_headers)
    out[name] = header_of(request, name);
  return out;
}

void replace_all(std::string& text, const std::string& what,
                 const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

json tencent_error(const std::string& code) {
  return {{"Response",
           {{"Error", {{"Code", code}, {"Message", "sandbox"}}},
            {"RequestId", new_uuid()}}}};
}

json aliyun_answer(const std::string& code, const std::string& biz_id) {
  json out = {{"Code", code},
              {"Message", code == "OK" ? "OK" : "sandbox"},
              {"RequestId", new_uuid()}};
  if (!biz_id.empty())
    out["BizId"] = biz_id;
  return out;
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

} // namespace

sms_desk::sms_desk(std::string secret_id, std::string secret_key)
    : secret_id_(std::move(secret_id)), secret_key_(std::move(secret_key)) {
  // nop
}

json sms_desk::tencent(const sms_request& request, const std::string& code,
                       instant now) {
  if (auto refusal = refusal_of_tc3(request, now); !refusal.empty())
    return tencent_error(refusal);
  if (header_of(request, "x-tc-action") != "SendSms")
    return tencent_error("InvalidAction");
  auto body = json::parse(request.body, nullptr, false);
  if (!body.is_object() || !body.contains("PhoneNumberSet"))
    return tencent_error("InvalidParameter");
  json set = json::array();
  for (const auto& entry : body.at("PhoneNumberSet")) {
    auto phone = entry.get<std::string>();
    std::string serial;
    if (code.empty())
      serial = deliver(
        {{"carrier", "tencent"},
         {"phone", phone.starts_with(country_code)
                     ? phone.substr(country_code.size())
                     : phone},
         {"sign", body.value("SignName", std::string{})},
         {"template", body.value("TemplateId", std::string{})},
         {"params",
          positional_params(body.value("TemplateParamSet", json::array()))},
         {"session_id", body.value("SessionContext", std::string{})}},
        now);
    set.push_back(
      {{"SerialNo", serial},
       {"PhoneNumber", phone},
       {"Fee", code.empty() ? 1 : 0},
       {"SessionContext", body.value("SessionContext", std::string{})},
       {"Code", code.empty() ? "Ok" : code},
       {"Message", code.empty() ? "send success" : "sandbox"},
       {"IsoCode", "CN"}});
  }
  return {{"Response", {{"SendStatusSet", set}, {"RequestId", new_uuid()}}}};
}

json sms_desk::aliyun(const sms_request& request, const std::string& code,
                      instant now) {
  if (auto refusal = refusal_of_acs3(request); !refusal.empty())
    return aliyun_answer(refusal, {});
  if (!code.empty())
    return aliyun_answer(code, {});
  auto parameter = [&request](const char* name) {
    auto found = request.query.find(name);
    return found == request.query.end() ? std::string{} : found->second;
  };
  auto params = json::parse(parameter("TemplateParam"), nullptr, false);
  if (!params.is_object())
    return aliyun_answer("isv.INVALID_JSON_PARAM", {});
  auto serial = deliver({{"carrier", "aliyun"},
                         {"phone", parameter("PhoneNumbers")},
                         {"sign", parameter("SignName")},
                         {"template", parameter("TemplateCode")},
                         {"params", named_params(params)},
                         {"session_id", parameter("OutId")}},
                        now);
  return aliyun_answer("OK", serial);
}

void sms_desk::define(const std::string& template_id, std::string text) {
  texts_[template_id] = std::move(text);
}

json sms_desk::sent_to(const std::string& phone) const {
  json out = json::array();
  for (const auto& line : sent_)
    if (phone.empty() || line.at("phone") == phone)
      out.push_back(line);
  return out;
}

std::string sms_desk::refusal_of_tc3(const sms_request& request,
                                     instant now) const {
  auto given = authorization_in(request);
  if (!given)
    return "AuthFailure.InvalidAuthorization";
  if (given->secret_id != secret_id_)
    return "AuthFailure.SecretIdNotFound";
  auto text = header_of(request, "x-tc-timestamp");
  std::int64_t timestamp = 0;
  std::from_chars(text.data(), text.data() + text.size(), timestamp);
  auto skew = unix_seconds(now) - timestamp;
  if (skew > tc3_max_skew || skew < -tc3_max_skew)
    return "AuthFailure.SignatureExpire";
  sms::tc3_request expected{"sms", signed_headers(request, *given),
                            request.body, timestamp};
  if (!constant_time_equal(sms::tc3_signature(expected, secret_key_),
                           given->signature))
    return "AuthFailure.SignatureFailure";
  return {};
}

std::string sms_desk::refusal_of_acs3(const sms_request& request) const {
  auto given = authorization_in(request);
  if (!given || given->secret_id != secret_id_)
    return "InvalidAccessKeyId.NotFound";
  if (header_of(request, "x-acs-content-sha256")
      != to_hex(sha256(request.body)))
    return "SignatureDoesNotMatch";
  sms::acs3_request expected{request.query, signed_headers(request, *given),
                             request.body};
  if (!constant_time_equal(sms::acs3_signature(expected, secret_key_),
                           given->signature))
    return "SignatureDoesNotMatch";
  return {};
}

/// Keeps the message as the person would read it; its serial number.
std::string sms_desk::deliver(json line, instant now) {
  auto known = texts_.find(line.at("template").get<std::string>());
  auto text = known == texts_.end() ? std::string{} : known->second;
  std::string listed;
  for (const auto& param : line.at("params")) {
    auto name = param.at("name").get<std::string>();
    auto value = param.at("value").get<std::string>();
    replace_all(text, "${" + name + '}', value);
    replace_all(text, '{' + name + '}', value);
    listed += (listed.empty() ? "" : "，") + value;
  }
  if (text.empty())
    text = line.at("template").get<std::string>() + "：" + listed;
  auto serial = "sandbox:" + std::to_string(++last_serial_);
  line["text"] = "【" + line.at("sign").get<std::string>() + "】" + text;
  line["serial"] = serial;
  line["at"] = unix_seconds(now);
  sent_.push_back(std::move(line));
  if (sent_.size() > max_sent)
    sent_.erase(sent_.begin());
  return serial;
}

} // namespace zhiku::sandbox
