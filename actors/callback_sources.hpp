#pragma once
// Whence the platform calls us, by its own list (PROTOCOL 7): kept in memory,
// each node its own, fetched anew each day. No CAF.

#include "actors/upkeep.hpp"
#include "base/ip_ranges.hpp"
#include "wechat/result.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace zhiku::actors {

class callback_sources {
public:
  /// The platform's addresses and networks.
  using fetcher = std::function<wechat::result<std::vector<std::string>>()>;

  explicit callback_sources(fetcher ask);

  /// The chore of `upkeep`. Keeps the former list when there is no new one.
  turn refresh(domain::instant now);

  /// Whether the platform lists `address`; true while no list is known.
  /// Thread-safe, never blocks for long.
  bool knows(const std::string& address) const;

private:
  std::shared_ptr<const ip_ranges> latest() const;

  fetcher ask_;
  mutable std::mutex mutex_;
  std::shared_ptr<const ip_ranges> latest_;
};

} // namespace zhiku::actors
