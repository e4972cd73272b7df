#include "http/rate_window.hpp"

namespace zhiku::http {

rate_window::rate_window(int limit, std::size_t most_addresses)
    : limit_(limit), most_addresses_(most_addresses) {
  // nop
}

bool rate_window::admit(const std::string& address, domain::instant now) {
  // Beijing is whole hours off UTC, so both count the same hours.
  auto hour = std::chrono::floor<std::chrono::hours>(now.time_since_epoch());
  std::lock_guard lock{mutex_};
  if (hour != hour_) {
    hour_ = hour;
    counts_.clear();
  }
  if (counts_.size() >= most_addresses_ && !counts_.contains(address))
    return false;
  return ++counts_[address] <= limit_;
}

} // namespace zhiku::http
