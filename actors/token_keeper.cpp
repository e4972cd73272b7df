#include "actors/token_keeper.hpp"

#include "base/log.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace zhiku::actors {

namespace {

// stable_token hands out a new one when less than five minutes remain.
constexpr std::chrono::seconds ahead{300};

} // namespace

wechat::result<std::string> token_keeper::fetch(wechat::api& by) {
  auto grant = by.stable_token();
  if (!grant)
    return grant.error();
  token_ = grant->token;
  auto life = std::max(grant->expires_in - ahead, std::chrono::seconds{30});
  good_until_ = steady::now() + life;
  return token_;
}

wechat::result<std::string> token_keeper::token(wechat::api& by) {
  std::lock_guard lock{mutex_};
  if (!token_.empty() && steady::now() < good_until_)
    return token_;
  return fetch(by);
}

wechat::result<std::string>
token_keeper::replacement(wechat::api& by, const std::string& failing) {
  std::lock_guard lock{mutex_};
  if (token_ != failing)
    return token_;
  auto fresh = fetch(by);
  if (fresh && *fresh == failing)
    log::error("platform refuses a token it calls good", {});
  return fresh;
}

} // namespace zhiku::actors
