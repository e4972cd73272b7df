#include "actors/token_keeper.hpp"

#include "base/log.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace zhiku::actors {

using persistence::platform_token;
using persistence::platform_tokens;
using std::chrono::seconds;
using wechat::api_error;
using wechat::result;

namespace {

// The platform hands out a new one when less than this remains; asking sooner
// only gives the old one again.
constexpr seconds ahead{300};

constexpr seconds failure_memory{3};

// A token that is refused and given again is tried again after these pauses.
constexpr seconds first_probe_pause{30};
constexpr seconds longest_probe_pause{600};

api_error given_again() {
  return {wechat::failure::platform, 40001, 200, "refused, yet given again"};
}

// So that not all nodes ask in the same second.
seconds jitter() {
  return seconds{static_cast<unsigned char>(random_bytes(1).front()) % 120};
}

} // namespace

shared_grant::shared_grant(std::string name, platform_tokens store,
                           std::shared_ptr<const clock> time,
                           std::shared_ptr<metrics> counts)
    : name_(std::move(name)), time_(std::move(time)),
      counts_(std::move(counts)), store_(std::move(store)) {
  // nop
}

shared_grant::age shared_grant::held_age() const {
  auto now = time_->now();
  std::lock_guard lock{held_mutex_};
  if (held_.text.empty() || now >= held_.expires_at)
    return age::over;
  return now < held_.renew_at ? age::good : age::due;
}

std::string shared_grant::held_text() const {
  std::lock_guard lock{held_mutex_};
  return held_.text;
}

void shared_grant::hold(const platform_token& what) {
  std::lock_guard lock{held_mutex_};
  if (what.text != refused_) {
    refused_.clear();
    probing_ = false;
    counts_->tokens_refused.Set(0);
  }
  held_ = what;
}

void shared_grant::remember_failure(const api_error& why) {
  std::lock_guard lock{held_mutex_};
  failure_ = why;
  failed_until_ = time_->now() + failure_memory;
}

std::optional<api_error> shared_grant::fresh_failure() const {
  auto now = time_->now();
  std::lock_guard lock{held_mutex_};
  return now < failed_until_ ? std::optional{failure_} : std::nullopt;
}

platform_token shared_grant::dated(const fresh& what) const {
  auto now = time_->now();
  auto good = what.life > ahead ? what.life - ahead + jitter() : what.life / 2;
  return {what.text, now + good, now + what.life};
}

bool shared_grant::is_refused(const std::string& text) const {
  std::lock_guard lock{held_mutex_};
  return !text.empty() && text == refused_;
}

/// The first to ask once the pause is over may, and begins the next one.
bool shared_grant::may_probe(const std::string& text) {
  auto now = time_->now();
  std::lock_guard lock{held_mutex_};
  if (text != refused_)
    return true;
  if (now < probe_at_)
    return false;
  probe_at_ = now + refused_for_;
  probing_ = true;
  return true;
}

/// Whether it was the one who tried that was refused.
bool shared_grant::end_probe(const std::string& text) {
  std::lock_guard lock{held_mutex_};
  return text == refused_ && std::exchange(probing_, false);
}

void shared_grant::note_refused(const std::string& text) {
  auto now = time_->now();
  std::lock_guard lock{held_mutex_};
  refused_for_ = text == refused_
                   ? std::min(refused_for_ * 2, longest_probe_pause)
                   : first_probe_pause;
  refused_ = text;
  probe_at_ = now + refused_for_;
  counts_->tokens_refused.Set(1);
}

void shared_grant::note_accepted(const std::string& text) {
  std::lock_guard lock{held_mutex_};
  if (refused_.empty() || text != refused_)
    return;
  refused_.clear();
  probing_ = false;
  counts_->tokens_refused.Set(0);
}

result<std::string> shared_grant::get(const fetcher& fetch) {
  if (auto text = held_text(); is_refused(text) && held_age() != age::over)
    return may_probe(text) ? result<std::string>{text} : given_again();
  if (held_age() == age::good)
    return held_text();
  std::unique_lock fetching{fetch_mutex_, std::defer_lock};
  if (held_age() == age::due && !fetching.try_lock())
    return held_text();
  if (!fetching.owns_lock())
    fetching.lock();
  if (held_age() == age::good)
    return held_text();
  // Those who waited would only fail one after the other.
  if (auto why = fresh_failure())
    return held_age() == age::over ? result<std::string>{*why} : held_text();
  auto old = held_age() == age::due ? held_text() : std::string{};
  auto busy = old.empty() ? platform_tokens::when_busy::wait
                          : platform_tokens::when_busy::leave;
  auto renewed = renew({}, busy, fetch);
  return renewed || old.empty() ? renewed : result<std::string>{old};
}

shared_grant::at_hand shared_grant::held() {
  auto failure = fresh_failure();
  auto how = held_age();
  auto text = held_text();
  if (how != age::over && is_refused(text))
    return {may_probe(text) ? result<std::string>{text} : given_again()};
  if (how != age::over)
    return {text, how == age::due && !failure};
  if (failure)
    return {*failure};
  return {};
}

result<std::string> shared_grant::replace(const std::string& failing,
                                          const fetcher& fetch) {
  std::lock_guard fetching{fetch_mutex_};
  if (auto text = held_text(); text != failing && held_age() != age::over)
    return text;
  // Others were refused at the same time, and one of them has asked.
  if (is_refused(failing) && !end_probe(failing))
    return given_again();
  auto renewed = renew(failing, platform_tokens::when_busy::wait, fetch);
  if (renewed && *renewed == failing) {
    note_refused(failing);
    log::error("platform refuses a token it calls good", {{"token", name_}});
    return given_again();
  }
  return renewed;
}

result<std::string> shared_grant::renew(const std::string& failing,
                                        platform_tokens::when_busy busy,
                                        const fetcher& fetch) {
  api_error why{wechat::failure::unreachable, 0, 0, "another node is fetching"};
  std::optional<platform_token> lost;
  auto ask = [&](const std::optional<platform_token>& stored)
    -> std::optional<platform_token> {
    auto made = fetch();
    if (!made) {
      why = made.error();
      remember_failure(why);
      return std::nullopt;
    }
    counts_->token_fetches.Increment();
    // Ours would have been given again, had it not been replaced elsewhere.
    if (stored && !failing.empty() && stored->text == failing
        && made->text != failing && time_->now() < stored->expires_at - ahead)
      lost = stored;
    return dated(*made);
  };
  auto outcome = store_.renew(name_, failing, time_->now(), busy, ask);
  // Without the database each node keeps its own.
  auto renewed = outcome ? *outcome : ask(std::nullopt);
  if (!renewed)
    return why;
  if (lost)
    tell_of_takeover(*lost);
  hold(*renewed);
  return renewed->text;
}

void shared_grant::tell_of_takeover(const platform_token& lost) {
  auto now = time_->now();
  log::error("another system has replaced the platform's token",
             {{"token", name_},
              {"noticed_at", domain::to_text(now)},
              {"was_good_until", domain::to_text(lost.expires_at)}});
  counts_->token_takeovers.Increment();
  if (!store_.note_taken(name_, now))
    log::warn("takeover of token cannot be written down", {});
}

token_keeper::token_keeper(const std::string& dsn, persistence::vault& keys,
                           std::shared_ptr<const clock> time,
                           std::shared_ptr<metrics> counts)
    : access_("ACCESS_TOKEN", platform_tokens{dsn, keys}, time, counts),
      ticket_("JSAPI_TICKET", platform_tokens{dsn, keys}, time, counts) {
  // nop
}

bool token_keeper::asks_for_new_token(const api_error& why) {
  return wechat::advice_for(why).retry == wechat::retry_class::with_new_token;
}

shared_grant::fetcher token_keeper::access_fetcher(wechat::api& by) {
  return [&by]() -> result<shared_grant::fresh> {
    auto grant = by.stable_token();
    if (!grant)
      return grant.error();
    return shared_grant::fresh{grant->token, grant->expires_in};
  };
}

result<std::string> token_keeper::jsapi_ticket(wechat::api& by) {
  return ticket_.get([this, &by]() -> result<shared_grant::fresh> {
    auto grant =
      call(by, [&](const std::string& token) { return by.get_ticket(token); });
    if (!grant)
      return grant.error();
    return shared_grant::fresh{grant->ticket, grant->expires_in};
  });
}

} // namespace zhiku::actors
