#pragma once
// How often each API may be called: a day in Beijing, a minute of the clock
// (PROTOCOL 2, 3, 5, 7). Time is given. Not thread-safe.

#include "sandbox/clock.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace zhiku::sandbox {

/// The day on the platform's calendar, which is Beijing's.
std::chrono::sys_days beijing_day(instant now);

class quota_desk {
public:
  struct limits {
    std::int64_t daily = 0;
    std::int64_t minute = 0; ///< 0: none
  };

  struct usage {
    limits allowed;
    std::int64_t today = 0;
    std::int64_t this_minute = 0;
  };

  quota_desk();

  /// Counts one call of `api`: 0, or the errcode that refuses it.
  int admit(const std::string& api, instant now);

  /// Sets limits in place of the platform's own.
  void limit(const std::string& api, limits to);

  usage usage_of(const std::string& api, instant now) const;

  /// The daily counts start anew; false when that was done 10 times this month.
  bool clear(instant now);

private:
  struct counter {
    std::chrono::sys_days day{};
    std::int64_t today = 0;
    std::chrono::sys_time<std::chrono::minutes> minute{};
    std::int64_t this_minute = 0;
  };

  limits limits_of(const std::string& api) const;

  std::map<std::string, limits> limits_;
  std::map<std::string, counter> counters_;
  std::chrono::year_month cleared_month_{};
  int cleared_ = 0;
};

} // namespace zhiku::sandbox
