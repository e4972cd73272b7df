#pragma once
// Keeps what outsiders can cause as often as they like out of the log, but for
// once a while. Thread-safe.

#include "domain/time.hpp"

#include <mutex>

namespace zhiku::http {

class log_limiter {
public:
  explicit log_limiter(domain::seconds interval = domain::seconds{60})
      : interval_(interval) {
    // nop
  }

  /// Whether it may be logged at `now`; then not again for the interval.
  bool admits(domain::instant now) {
    std::lock_guard lock{mutex_};
    if (now < last_ + interval_)
      return false;
    last_ = now;
    return true;
  }

private:
  const domain::seconds interval_;
  std::mutex mutex_;
  domain::instant last_{};
};

} // namespace zhiku::http
