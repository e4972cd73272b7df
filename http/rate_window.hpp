#pragma once
// Counts by address within the running Beijing hour (RULES 2.1). Thread-safe,
// in memory of this node, bounded.

#include "domain/time.hpp"

#include <mutex>
#include <string>
#include <unordered_map>

namespace zhiku::http {

class rate_window {
public:
  /// @param limit  per address and hour
  /// @param most_addresses  when more are seen in an hour, new ones are
  ///                        refused: a flood from everywhere is a flood
  explicit rate_window(int limit, std::size_t most_addresses = 100'000);

  /// Whether one more would be within the limit; counts nothing.
  bool has_room(const std::string& address, domain::instant now);

  /// Counts one more from `address`; whether it is within the limit.
  bool admit(const std::string& address, domain::instant now);

private:
  void begin_hour(domain::instant now);

  const int limit_;
  const std::size_t most_addresses_;
  std::mutex mutex_;
  std::chrono::hours hour_{-1};
  std::unordered_map<std::string, int> counts_;
};

} // namespace zhiku::http
