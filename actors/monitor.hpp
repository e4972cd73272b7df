#pragma once
// Looks at the whole every few seconds: the clock's offset, overdue effects,
// and entities that nobody and nothing will move.

#include "actors/clock.hpp"
#include "actors/metrics.hpp"
#include "persistence/health.hpp"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace zhiku::actors {

class monitor {
public:
  /// @param besides  done after each look, on the monitor's thread
  monitor(persistence::health look, std::shared_ptr<database_clock> time,
          std::shared_ptr<metrics> counts,
          std::function<void(domain::instant)> besides);
  ~monitor();

  /// Whether the database answered the latest look.
  bool database_well() const {
    return well_;
  }

  /// Measures the clock; call once before anything takes the time.
  void look_now();

private:
  void run();
  void clean_up();

  persistence::health health_;
  std::shared_ptr<database_clock> time_;
  std::shared_ptr<metrics> counts_;
  std::function<void(domain::instant)> besides_;
  std::atomic<bool> well_{false};
  std::mutex mutex_;
  std::condition_variable stop_;
  bool stopping_ = false;
  domain::instant cleaned_at_{};
  std::thread thread_;
};

} // namespace zhiku::actors
