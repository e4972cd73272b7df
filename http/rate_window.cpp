#include "http/rate_window.hpp"

namespace zhiku::http {

rate_window::rate_window(int limit, std::size_t most_addresses)
    : limit_(limit), most_addresses_(most_addresses) {
  // nop
}

void rate_window::begin_hour(domain::instant now) {
  // Beijing is whole hours off UTC, so both count the same hours.
  auto hour = std::chrono::floor<std::chrono::hours>(now.time_since_epoch());
  if (hour == hour_)
    return;
  hour_ = hour;
  counts_.clear();
}

bool rate_window::has_room(const std::string& address, domain::instant now) {
  std::lock_guard lock{mutex_};
  begin_hour(now);
  auto known = counts_.find(address);
  return known == counts_.end() || known->second < limit_;
}

bool rate_window::admit(const std::string& address, domain::instant now) {
  std::lock_guard lock{mutex_};
  begin_hour(now);
  if (counts_.size() >= most_addresses_ && !counts_.contains(address))
    return false;
  return ++counts_[address] <= limit_;
}

} // namespace zhiku::http
