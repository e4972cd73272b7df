#include "sms/report.hpp"

#include "base/lenient_json.hpp"
#include "sms/beijing_time.hpp"
#include "sms/fields.hpp"

#include <algorithm>
#include <iterator>

namespace zhiku::sms {

using nlohmann::json;

namespace {

constexpr std::ptrdiff_t shown_first = 3;
constexpr std::ptrdiff_t shown_last = 4;

/// 137****2222. What is too short for that tells nothing.
std::string masked(std::string phone) {
  if (std::ssize(phone) <= shown_first + shown_last)
    return std::string(phone.size(), '*');
  std::fill(phone.begin() + shown_first, phone.end() - shown_last, '*');
  return phone;
}

using entry_reader = std::optional<delivery_report> (*)(const json&);

std::optional<report_batch> reports_in(std::string_view body,
                                       entry_reader read) {
  if (body.size() > max_report_bytes)
    return std::nullopt;
  auto all = parse_leniently(body);
  if (!all.is_array())
    return std::nullopt;
  report_batch out;
  for (const auto& entry : all) {
    auto report = read(entry);
    if (report && !report->serial.empty())
      out.reports.push_back(std::move(*report));
    else
      ++out.malformed;
  }
  if (out.reports.empty() && out.malformed > 0)
    return std::nullopt;
  return out;
}

std::optional<delivery_report> tencent_entry(const json& entry) {
  auto outcome = text_in(entry, "report_status");
  if (outcome != "SUCCESS" && outcome != "FAIL")
    return std::nullopt;
  return delivery_report{text_in(entry, "sid"),
                         {},
                         masked(text_in(entry, "mobile")),
                         outcome == "SUCCESS",
                         text_in(entry, "errmsg"),
                         from_beijing(text_in(entry, "user_receive_time"))};
}

std::optional<delivery_report> aliyun_entry(const json& entry) {
  auto success = entry.is_object() ? entry.find("success") : entry.end();
  if (success == entry.end() || !success->is_boolean())
    return std::nullopt;
  return delivery_report{text_in(entry, "biz_id"),
                         text_in(entry, "out_id"),
                         masked(text_in(entry, "phone_number")),
                         success->get<bool>(),
                         text_in(entry, "err_code"),
                         from_beijing(text_in(entry, "report_time"))};
}

} // namespace

std::optional<report_batch> tencent_reports(std::string_view body) {
  return reports_in(body, tencent_entry);
}

std::optional<report_batch> aliyun_reports(std::string_view body) {
  return reports_in(body, aliyun_entry);
}

} // namespace zhiku::sms
