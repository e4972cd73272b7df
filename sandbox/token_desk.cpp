#include "sandbox/token_desk.hpp"

#include "base/random.hpp"
#include "sandbox/quota_desk.hpp"

#include <algorithm>

namespace zhiku::sandbox {

namespace {

using namespace std::chrono_literals;

constexpr auto lifetime = 7200s;
constexpr auto overlap = 300s;
constexpr auto force_gap = 30s;
constexpr int forces_a_day = 20;

} // namespace

token_desk::grant token_desk::issue(instant now) {
  if (auto former = ends_.find(issued_); former != ends_.end())
    former->second = std::min(former->second, now + overlap);
  ++made_.classic;
  issued_ = make(now);
  return grant_of(issued_, now);
}

std::optional<token_desk::grant> token_desk::stable(instant now, bool force) {
  if (force && !renew_by_force(now))
    return std::nullopt;
  auto current = ends_.find(stable_);
  if (current == ends_.end() || current->second - now <= overlap) {
    ++made_.stable;
    stable_ = make(now);
  }
  return grant_of(stable_, now);
}

token_desk::standing token_desk::check(const std::string& token,
                                       instant now) const {
  auto found = ends_.find(token);
  if (found == ends_.end())
    return standing::unknown;
  return now < found->second ? standing::good : standing::expired;
}

void token_desk::revoke_all() {
  ends_.clear();
}

token_desk::grant token_desk::grant_of(const std::string& token,
                                       instant now) const {
  return {token,
          std::chrono::floor<std::chrono::seconds>(ends_.at(token) - now)};
}

std::string token_desk::make(instant now) {
  // Real tokens are this long; short ones would hide narrow columns.
  auto token = "SANDBOX_" + new_token() + new_token() + new_token();
  ends_[token] = now + lifetime;
  return token;
}

/// Whether the call may go on; the stable token is gone when it was its turn.
bool token_desk::renew_by_force(instant now) {
  if (forced_at_ && now - *forced_at_ < force_gap)
    return true;
  auto day = beijing_day(now);
  if (day != forced_day_) {
    forced_day_ = day;
    forced_today_ = 0;
  }
  if (forced_today_ >= forces_a_day)
    return false;
  ++forced_today_;
  ++made_.forced;
  forced_at_ = now;
  ends_.erase(stable_);
  return true;
}

} // namespace zhiku::sandbox
