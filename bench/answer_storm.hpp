#pragma once
// Many people saving answers at once through the gateway: one order under way
// for each sitting, the next sent as soon as the former is committed.

#include "actors/gateway.hpp"
#include "bench/sittings.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace zhiku::bench {

class answer_storm {
public:
  /// Both must outlive it.
  answer_storm(actors::gateway& gateway, std::vector<sitting>& sittings);

  struct tally {
    double per_second = 0;
    std::uint64_t refused = 0;
  };

  /// One turn: a short warm-up, then `length` measured; returns when nothing
  /// is under way any more.
  tally run(std::chrono::milliseconds length);

private:
  void save_next(sitting& who);
  void landed(sitting& who, bool saved);

  actors::gateway& gateway_;
  std::vector<sitting>& sittings_;
  std::atomic<bool> going_{false};
  std::atomic<std::uint64_t> saved_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::mutex mutex_;
  std::condition_variable calm_;
  std::size_t under_way_ = 0;
};

} // namespace zhiku::bench
