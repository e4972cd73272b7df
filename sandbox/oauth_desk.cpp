#include "sandbox/oauth_desk.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"

namespace zhiku::sandbox {

namespace {

constexpr std::chrono::seconds access_lifetime{7200};
constexpr std::chrono::days refresh_lifetime{30};

constexpr int invalid_credential = 40001;
constexpr int invalid_code = 40029;
constexpr int invalid_refresh_token = 40030;
constexpr int code_been_used = 40163;
constexpr int access_token_expired = 42001;
constexpr int refresh_token_expired = 42002;
constexpr int code_expired = 42003;
constexpr int password_was_changed = 42007;

} // namespace

std::string oauth_desk::issue_code(grant what, instant now,
                                   std::chrono::seconds lifetime) {
  auto code = to_hex(random_bytes(16));
  codes_[code] = {std::move(what), now + lifetime};
  return code;
}

oauth_desk::outcome<oauth_desk::grant>
oauth_desk::redeem(const std::string& app_id, const std::string& code,
                   instant now) {
  auto found = codes_.find(code);
  if (found == codes_.end() || found->second.what.app_id != app_id)
    return invalid_code;
  auto& known = found->second;
  if (known.used)
    return code_been_used;
  if (now >= known.expires_at)
    return code_expired;
  known.used = true;
  return known.what;
}

oauth_desk::tokens oauth_desk::issue_tokens(grant what, instant now) {
  tokens out{what, "OAUTH_" + new_token() + new_token(),
             "REFRESH_" + new_token() + new_token(), access_lifetime};
  by_refresh_[out.refresh_token] = {std::move(what), out.access_token,
                                    now + access_lifetime,
                                    now + refresh_lifetime};
  refresh_of_[out.access_token] = out.refresh_token;
  return out;
}

oauth_desk::outcome<oauth_desk::tokens>
oauth_desk::refresh(const std::string& app_id, const std::string& refresh_token,
                    instant now) {
  auto found = by_refresh_.find(refresh_token);
  if (found == by_refresh_.end() || found->second.what.app_id != app_id)
    return invalid_refresh_token;
  auto& known = found->second;
  if (known.void_)
    return password_was_changed;
  if (now >= known.refresh_end)
    return refresh_token_expired;
  if (now >= known.access_end) {
    known.access_token = "OAUTH_" + new_token() + new_token();
    refresh_of_[known.access_token] = refresh_token;
  }
  known.access_end = now + access_lifetime;
  return tokens{known.what, known.access_token, refresh_token, access_lifetime};
}

oauth_desk::outcome<oauth_desk::grant>
oauth_desk::check(const std::string& access_token, instant now) const {
  auto found = refresh_of_.find(access_token);
  if (found == refresh_of_.end())
    return invalid_credential;
  const auto& known = by_refresh_.at(found->second);
  if (known.void_)
    return password_was_changed;
  if (known.access_token != access_token || now >= known.access_end)
    return access_token_expired;
  return known.what;
}

void oauth_desk::password_changed(const std::string& person) {
  for (auto& [refresh_token, known] : by_refresh_)
    if (known.what.person == person)
      known.void_ = true;
}

} // namespace zhiku::sandbox
