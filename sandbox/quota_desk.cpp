#include "sandbox/quota_desk.hpp"

namespace zhiku::sandbox {

namespace {

constexpr int clearings_a_month = 10;
constexpr int daily_limit_reached = 45009;
constexpr int minute_limit_reached = 45011;

/// Of APIs whose limit is not known: high enough never to be in the way.
constexpr quota_desk::limits elsewhere{10'000'000, 0};

std::chrono::sys_time<std::chrono::minutes> minute_of(instant now) {
  return std::chrono::floor<std::chrono::minutes>(now);
}

} // namespace

std::chrono::sys_days beijing_day(instant now) {
  return std::chrono::floor<std::chrono::days>(now + beijing_offset);
}

quota_desk::quota_desk()
    : limits_{{"token", {2'000, 0}},
              {"stable_token", {500'000, 10'000}},
              {"template_send", {100'000, 0}},
              {"oauth", {elsewhere.daily, 50'000}},
              {"oauth_refresh", {elsewhere.daily, 50'000}},
              {"oauth_userinfo", {elsewhere.daily, 50'000}},
              {"oauth_check", {elsewhere.daily, 50'000}}} {
  // nop
}

int quota_desk::admit(const std::string& api, instant now) {
  auto& counted = counters_[api];
  if (auto day = beijing_day(now); counted.day != day) {
    counted.day = day;
    counted.today = 0;
  }
  if (auto minute = minute_of(now); counted.minute != minute) {
    counted.minute = minute;
    counted.this_minute = 0;
  }
  auto allowed = limits_of(api);
  if (counted.today >= allowed.daily)
    return daily_limit_reached;
  if (allowed.minute != 0 && counted.this_minute >= allowed.minute)
    return minute_limit_reached;
  ++counted.today;
  ++counted.this_minute;
  return 0;
}

void quota_desk::limit(const std::string& api, limits to) {
  limits_[api] = to;
}

quota_desk::usage quota_desk::usage_of(const std::string& api,
                                       instant now) const {
  usage out{limits_of(api)};
  auto found = counters_.find(api);
  if (found == counters_.end())
    return out;
  const auto& counted = found->second;
  out.today = counted.day == beijing_day(now) ? counted.today : 0;
  out.this_minute = counted.minute == minute_of(now) ? counted.this_minute : 0;
  return out;
}

bool quota_desk::clear(instant now) {
  std::chrono::year_month_day today{beijing_day(now)};
  std::chrono::year_month month{today.year(), today.month()};
  if (month != cleared_month_) {
    cleared_month_ = month;
    cleared_ = 0;
  }
  if (cleared_ >= clearings_a_month)
    return false;
  ++cleared_;
  for (auto& [api, counted] : counters_)
    counted.today = 0;
  return true;
}

quota_desk::limits quota_desk::limits_of(const std::string& api) const {
  auto found = limits_.find(api);
  return found == limits_.end() ? elsewhere : found->second;
}

} // namespace zhiku::sandbox
