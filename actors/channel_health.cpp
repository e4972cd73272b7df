#include "actors/channel_health.hpp"

#include "base/log.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace zhiku::actors {

using domain::instant;
using domain::seconds;

namespace {

// Then one message finds out whether the operator has mended it.
constexpr seconds rest{600};
constexpr seconds slow{60};
constexpr seconds pause_when_away{30};
constexpr int too_frequent = 45011;

} // namespace

std::optional<instant>
channel_health::rests_until(const std::string& template_id, instant now) const {
  std::lock_guard lock{mutex_};
  auto until = account_until_;
  if (auto one = templates_until_.find(template_id);
      one != templates_until_.end())
    until = std::max(until, one->second);
  return now < until ? std::optional{until} : std::nullopt;
}

std::optional<instant> channel_health::slowed_until(instant now) const {
  std::lock_guard lock{mutex_};
  return now < slow_until_ ? std::optional{slow_until_} : std::nullopt;
}

void channel_health::heed(const wechat::api_error& why,
                          const std::string& template_id, instant now) {
  auto advice = wechat::advice_for(why);
  {
    std::lock_guard lock{mutex_};
    if (advice.pause == wechat::pause_scope::account)
      account_until_ = now + rest;
    if (advice.pause == wechat::pause_scope::template_id)
      templates_until_[template_id] = now + rest;
    if (why.errcode == too_frequent)
      slow_until_ = now + slow;
    // Each call would hold a thread to its time-out.
    if (why.kind == wechat::failure::unreachable)
      slow_until_ = now + pause_when_away;
  }
  if (advice.alarm)
    log::error("platform refuses message", {{"errcode", why.errcode},
                                            {"errmsg", why.errmsg},
                                            {"template", template_id}});
}

} // namespace zhiku::actors
