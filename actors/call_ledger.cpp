#include "actors/call_ledger.hpp"

#include "domain/notice/delivery.hpp"

#include <utility>

#include <soci/soci.h>

namespace zhiku::actors {

using domain::instant;
using persistence::call_count;

namespace {

constexpr int quota_used_up = 45009;

} // namespace

call_ledger::call_ledger(std::string dsn,
                         std::map<std::string, std::int64_t> quotas)
    : quotas_(std::move(quotas)), db_(std::move(dsn)) {
  // nop
}

void call_ledger::count(const wechat::call_report& call) {
  std::lock_guard lock{mutex_};
  auto& line = waiting_[call.path];
  line.api = call.path;
  ++line.calls;
  if (!call.failed)
    return;
  ++line.failures;
  line.limited |= call.errcode == quota_used_up;
}

std::optional<instant> call_ledger::kept_until(const std::string& api,
                                               instant now) const {
  std::lock_guard lock{mutex_};
  std::int64_t calls = 0;
  bool limited = false;
  if (auto counted = waiting_.find(api); counted != waiting_.end()) {
    calls = counted->second.calls;
    limited = counted->second.limited;
  }
  if (auto known = known_.find(api);
      known != known_.end() && known->second.day == domain::beijing_day(now)) {
    calls += known->second.calls;
    limited |= known->second.limited;
  }
  auto quota = quotas_.find(api);
  auto nearly = quota != quotas_.end() && calls >= quota->second * 9 / 10;
  if (!limited && !nearly)
    return std::nullopt;
  return domain::notice::after_quota_reset(now);
}

void call_ledger::flush(instant now) {
  std::map<std::string, call_count> counted;
  {
    std::lock_guard lock{mutex_};
    counted = std::exchange(waiting_, {});
  }
  if (counted.empty())
    return;
  std::map<std::string, call_count> totals;
  auto written = db_.transaction([&](soci::session& sql) {
    for (const auto& [api, line] : counted)
      totals[api] = persistence::add_calls(sql, line, now);
  });
  std::lock_guard lock{mutex_};
  if (!written) {
    for (const auto& [api, line] : counted) {
      auto& back = waiting_[api];
      back.api = api;
      back.calls += line.calls;
      back.failures += line.failures;
      back.limited |= line.limited;
    }
    return;
  }
  for (const auto& [api, line] : totals)
    known_[api] = {domain::beijing_day(now), line.calls, line.limited};
}

} // namespace zhiku::actors
