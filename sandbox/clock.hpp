#pragma once
// The sandbox's own time: the system's, moved forward on demand, so that
// expiries can be seen without waiting. Thread-safe.

#include <atomic>
#include <chrono>

namespace zhiku::sandbox {

using instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The platform and the carriers reckon days and times in Beijing.
inline constexpr std::chrono::hours beijing_offset{8};

class clock {
public:
  instant now() const {
    using namespace std::chrono;
    return floor<milliseconds>(system_clock::now())
           + milliseconds{ahead_.load()};
  }

  void advance(std::chrono::milliseconds by) {
    ahead_ += by.count();
  }

private:
  std::atomic<std::chrono::milliseconds::rep> ahead_{0};
};

/// Unix seconds.
inline std::int64_t unix_seconds(instant at) {
  return std::chrono::floor<std::chrono::seconds>(at)
    .time_since_epoch()
    .count();
}

} // namespace zhiku::sandbox
