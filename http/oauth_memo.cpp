#include "http/oauth_memo.hpp"

#include "base/digest.hpp"

namespace zhiku::http {

namespace {

std::string key_of(const std::string& code, const std::string& state,
                   const std::string& browser) {
  return sha256(sha256(code) + sha256(state) + sha256(browser));
}

} // namespace

oauth_memo::oauth_memo(std::size_t limit) : limit_(limit) {
  // nop
}

void oauth_memo::remember(const std::string& code, const std::string& state,
                          const std::string& browser, oauth_ending ending,
                          domain::instant now) {
  std::lock_guard lock{mutex_};
  if (entries_.size() >= limit_)
    std::erase_if(entries_,
                  [&](const auto& known) { return known.second.until <= now; });
  // Without room the next return begins a new authorisation: harmless.
  if (entries_.size() < limit_)
    entries_[key_of(code, state, browser)] =
      entry{std::move(ending), now + lifetime};
}

std::optional<oauth_ending> oauth_memo::recall(const std::string& code,
                                               const std::string& state,
                                               const std::string& browser,
                                               domain::instant now) {
  std::lock_guard lock{mutex_};
  auto known = entries_.find(key_of(code, state, browser));
  if (known == entries_.end() || known->second.until <= now)
    return std::nullopt;
  return known->second.ending;
}

} // namespace zhiku::http
