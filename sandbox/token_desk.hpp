#pragma once
// Access tokens as the platform deals them (PROTOCOL 2). Time is given. Not
// thread-safe.

#include "sandbox/clock.hpp"

#include <chrono>
#include <map>
#include <optional>
#include <string>

namespace zhiku::sandbox {

class token_desk {
public:
  struct grant {
    std::string token;
    std::chrono::seconds expires_in{0};
  };

  enum class standing { good, unknown, expired };

  /// `/cgi-bin/token`: a new one; the former lives 5 minutes more at most.
  grant issue(instant now);

  /// `/cgi-bin/stable_token`: the same one until 5 minutes before its end.
  /// @param force  kills it at once and makes another; ignored within 30 s of
  ///               the last. Nothing after 20 times in a day (45009).
  std::optional<grant> stable(instant now, bool force);

  standing check(const std::string& token, instant now) const;

  /// Tokens made so far: what "exactly one refresh" is proved by.
  struct tally {
    int classic = 0;
    int stable = 0; ///< forced ones included
    int forced = 0;
  };

  tally made() const {
    return made_;
  }

  /// Kills every token, as a leak or a reset of the secret does.
  void revoke_all();

private:
  grant grant_of(const std::string& token, instant now) const;
  std::string make(instant now);
  bool renew_by_force(instant now);

  std::map<std::string, instant> ends_; ///< token to the end of its life
  std::string issued_;
  std::string stable_;
  std::optional<instant> forced_at_;
  std::chrono::sys_days forced_day_{};
  int forced_today_ = 0;
  tally made_;
};

} // namespace zhiku::sandbox
