#include "actors/channel_health.hpp"

#include "base/log.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::actors {

using domain::instant;
using domain::seconds;

namespace {

// Then one message finds out whether the operator has mended it.
constexpr seconds rest{600};
constexpr seconds slow{60};
constexpr int too_frequent = 45011;

} // namespace

bool channel_health::rests(const std::string& template_id, instant now) const {
  std::lock_guard lock{mutex_};
  auto one = templates_until_.find(template_id);
  return now < account_until_
         || (one != templates_until_.end() && now < one->second);
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
  }
  if (advice.alarm)
    log::error("platform refuses message", {{"errcode", why.errcode},
                                            {"errmsg", why.errmsg},
                                            {"template", template_id}});
}

} // namespace zhiku::actors
