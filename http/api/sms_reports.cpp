// Delivery reports of the SMS carriers (PROTOCOL 9.1, 9.2). They are unsigned:
// the path is a secret, and only serials of ours are believed.

#include "sms/report.hpp"

#include "base/digest.hpp"
#include "base/log.hpp"
#include "http/api/routes.hpp"
#include "http/schema.hpp"
#include "persistence/queries/receipts.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

using reports = std::optional<sms::report_batch>;

struct carrier_voice {
  std::string_view name;
  reports (*read)(std::string_view body);
  std::string_view thanks;
};

constexpr carrier_voice voices[] = {
  {"tencent", sms::tencent_reports, sms::tencent_report_answer},
  {"aliyun", sms::aliyun_reports, sms::aliyun_report_answer},
};

const carrier_voice* voice_of(std::string_view name) {
  for (const auto& one : voices)
    if (one.name == name)
      return &one;
  return nullptr;
}

persistence::receipt receipt_of(const sms::delivery_report& told, instant now) {
  persistence::receipt news;
  news.via = domain::notice::route::sms;
  news.platform_id = told.serial;
  news.delivered = told.delivered;
  news.detail = told.code.substr(0, 100);
  news.at = told.at ? std::min<instant>(*told.at, now) : now;
  return news;
}

/// Somebody who tries paths learns nothing from the answer.
bool is_ours(const services& s, const call_ptr& asked) {
  const auto& secret = s.with.settings.sms_report_path;
  return !secret.empty() && constant_time_equal(asked->path("secret"), secret);
}

void count(services& s, const carrier_voice& by, const sms::report_batch& all) {
  auto delivered = static_cast<std::size_t>(
    std::count_if(all.reports.begin(), all.reports.end(),
                  [](const auto& one) { return one.delivered; }));
  std::string carrier{by.name};
  s.counters.sms_reports(carrier, "delivered", delivered);
  s.counters.sms_reports(carrier, "failed", all.reports.size() - delivered);
  s.counters.sms_reports(carrier, "malformed", all.malformed);
}

void take_reports(services& s, const call_ptr& asked) {
  const auto* voice = voice_of(asked->path("carrier"));
  if (voice == nullptr || !is_ours(s, asked))
    return asked->refuse(domain::errc::not_found);
  auto told = voice->read(asked->asked.body);
  if (!told)
    return asked->refuse(domain::errc::invalid_input);
  s.offload(asked, [&s, asked, voice, told = std::move(*told)] {
    std::vector<persistence::receipt> all;
    for (const auto& one : told.reports)
      all.push_back(receipt_of(one, s.now()));
    auto written = s.with.readers.transaction(
      [&](soci::session& sql) { persistence::note_receipts(sql, all); });
    if (!written)
      return asked->refuse(written.error());
    count(s, *voice, told);
    response thanks{200, {}, std::string{voice->thanks}};
    thanks.set_header("Content-Type", "application/json; charset=utf-8");
    asked->answer(std::move(thanks));
  });
}

} // namespace

route_table sms_report_routes(services& s) {
  route reports{"POST",
                "/sms/reports/{secret}/{carrier}",
                "receiveSmsReports",
                "短信状态报告",
                platform(),
                [&s](const call_ptr& asked) { take_reports(s, asked); }};
  reports.body_is_foreign = true;
  return {reports};
}

} // namespace zhiku::http
