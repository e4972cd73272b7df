#include "sandbox/sms_words.hpp"

#include "base/random.hpp"
#include "sandbox/clock.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

/// `2015-10-17 08:03:04`, as both carriers write it.
std::string beijing_time(std::int64_t at) {
  return beijing_text(at, "%Y-%m-%d %H:%M:%S");
}

/// As `QuerySendDetails` counts them.
int status_number(const std::string& status) {
  if (status == "waiting")
    return 1;
  return status == "failed" ? 2 : 3;
}

} // namespace

std::string text_in(const json& from, const char* name) {
  auto found = from.find(name);
  if (found == from.end() || found->is_null())
    return {};
  return found->is_string() ? found->get<std::string>() : found->dump();
}

std::string beijing_text(std::int64_t at, const char* format) {
  std::time_t shifted = at + std::chrono::seconds{beijing_offset}.count();
  std::tm parts{};
  gmtime_r(&shifted, &parts);
  std::array<char, 32> out{};
  std::strftime(out.data(), out.size(), format, &parts);
  return out.data();
}

// -- Tencent ------------------------------------------------------------------

json tencent_error(const std::string& code) {
  return {{"Response",
           {{"Error", {{"Code", code}, {"Message", "sandbox: " + code}}},
            {"RequestId", new_uuid()}}}};
}

bool is_of_whole_request(const std::string& code) {
  static constexpr std::array<std::string_view, 5> families = {
    "AuthFailure", "InternalError", "InvalidParameter.", "RequestLimitExceeded",
    "UnauthorizedOperation"};
  return std::any_of(families.begin(), families.end(),
                     [&code](auto each) { return code.starts_with(each); });
}

json positional_params(const json& params) {
  json out = json::array();
  for (std::size_t i = 0; i < params.size(); ++i)
    out.push_back({{"name", std::to_string(i + 1)}, {"value", params[i]}});
  return out;
}

json tencent_report(const json& line) {
  auto failed = line.at("status") == "failed";
  return {{"user_receive_time",
           beijing_time(line.at("reported_at").get<std::int64_t>())},
          {"nationcode", "86"},
          {"mobile", line.at("phone")},
          {"report_status", failed ? "FAIL" : "SUCCESS"},
          {"errmsg", failed ? text_in(line, "failure") : "DELIVRD"},
          {"description", failed ? "短信发送失败" : "用户短信送达成功"},
          {"sid", line.at("serial")}};
}

json tencent_detail(const json& line) {
  auto report = tencent_report(line);
  auto phone = text_in(line, "phone");
  return {{"UserReceiveTime", line.at("reported_at")},
          {"CountryCode", "86"},
          {"SubscriberNumber", phone},
          {"PhoneNumber", std::string{country_code} + phone},
          {"SerialNo", line.at("serial")},
          {"ReportStatus", report.at("report_status")},
          {"Description", report.at("errmsg")},
          {"SessionContext", line.at("session_id")}};
}

// -- Aliyun -------------------------------------------------------------------

json aliyun_answer(const std::string& code, const std::string& biz_id) {
  json out = {{"Code", code},
              {"Message", code == "OK" ? "OK" : "sandbox: " + code},
              {"RequestId", new_uuid()}};
  if (!biz_id.empty())
    out["BizId"] = biz_id;
  return out;
}

int aliyun_http_status(const std::string& code) {
  if (code == "OK" || code.starts_with("isv.") || code.starts_with("isp."))
    return 200;
  if (code.ends_with(".NotFound"))
    return 404;
  return code == "ServiceUnavailable" ? 503 : 400;
}

json named_params(const json& params) {
  json out = json::array();
  for (const auto& [name, value] : params.items())
    out.push_back(
      {{"name", name},
       {"value", value.is_string() ? value.get<std::string>() : value.dump()}});
  return out;
}

json aliyun_report(const json& line) {
  auto failed = line.at("status") == "failed";
  return {
    {"phone_number", line.at("phone")},
    {"send_time", beijing_time(line.at("at").get<std::int64_t>())},
    {"report_time", beijing_time(line.at("reported_at").get<std::int64_t>())},
    {"success", !failed},
    {"err_code", failed ? text_in(line, "failure") : "DELIVERED"},
    {"err_msg", failed ? "用户接收失败" : "用户接收成功"},
    {"sms_size", "1"},
    {"biz_id", line.at("serial")},
    {"out_id", line.at("session_id")}};
}

json aliyun_detail(const json& line) {
  auto status = text_in(line, "status");
  json out = {{"PhoneNum", line.at("phone")},
              {"SendDate", beijing_time(line.at("at").get<std::int64_t>())},
              {"SendStatus", status_number(status)},
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

} // namespace zhiku::sandbox
