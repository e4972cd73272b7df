#include "http/login_throttle.hpp"

#include "http/client_address.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

using domain::instant;
using domain::seconds;

constexpr std::chrono::hours memory{1};

/// None for the first `free` failures, then 1, 2, 4 … up to `most`.
seconds delay_after(int failed, int free, seconds most) {
  if (failed < free)
    return seconds{0};
  return std::min(most, seconds{1} * (1 << std::min(failed - free, 20)));
}

seconds pair_delay(int failed) {
  return delay_after(failed, 3, std::chrono::minutes{5});
}

seconds address_delay(int failed) {
  return delay_after(failed, 20, std::chrono::minutes{1});
}

seconds network_delay(int failed) {
  return delay_after(failed, 100, std::chrono::minutes{1});
}

} // namespace

login_throttle::login_throttle(std::size_t most_entries)
    : most_entries_(most_entries) {
  // nop
}

seconds login_throttle::enter(const std::string& login,
                              const std::string& address, instant now) {
  std::lock_guard lock{mutex_};
  auto& pair = of(by_pair_, login + '\n' + address_key(address), now);
  auto& place = of(by_address_, address_key(address), now);
  auto& network = of(by_network_, network_key(address), now);
  auto next = std::max({pair.next, place.next, network.next});
  if (next > now)
    return std::chrono::ceil<seconds>(next - now);
  for (auto* each : {&pair, &place, &network, &of(by_login_, login, now)}) {
    ++each->failed;
    each->last = now;
  }
  pair.next = now + pair_delay(pair.failed);
  place.next = now + address_delay(place.failed);
  network.next = now + network_delay(network.failed);
  return seconds{0};
}

void login_throttle::succeeded(const std::string& login,
                               const std::string& address) {
  withdraw(login, address);
  std::lock_guard lock{mutex_};
  by_pair_.erase(login + '\n' + address_key(address));
}

// Others' failures stay: one known account is no licence to guess.
void login_throttle::withdraw(const std::string& login,
                              const std::string& address) {
  std::lock_guard lock{mutex_};
  auto take_back = [](records& in, const std::string& key) {
    auto known = in.find(key);
    if (known == in.end())
      return;
    known->second.failed = std::max(0, known->second.failed - 1);
    known->second.next = {};
  };
  take_back(by_pair_, login + '\n' + address_key(address));
  take_back(by_address_, address_key(address));
  take_back(by_network_, network_key(address));
  take_back(by_login_, login);
}

int login_throttle::failures(const std::string& login) const {
  std::lock_guard lock{mutex_};
  auto known = by_login_.find(login);
  return known == by_login_.end() ? 0 : known->second.failed;
}

login_throttle::record& login_throttle::of(records& in, const std::string& key,
                                           instant now) {
  auto known = in.find(key);
  if (known != in.end()) {
    if (now - known->second.last > memory)
      known->second = {};
    return known->second;
  }
  if (in.size() >= most_entries_)
    std::erase_if(
      in, [&](const auto& each) { return now - each.second.last > memory; });
  if (in.size() >= most_entries_)
    in.erase(in.begin());
  return in[key];
}

} // namespace zhiku::http
