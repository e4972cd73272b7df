#pragma once
// One thread that does what it is given, each at its time.

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

namespace zhiku::sandbox {

/// Tasks due at the same time run in the order they came. Thread-safe; tasks
/// may add further ones.
class timed_worker {
public:
  timed_worker();

  /// As `stop`, then waits for a task under way.
  ~timed_worker();

  void add(std::function<void()> task, std::chrono::milliseconds delay = {});

  /// Begins no further task; those waiting are dropped.
  void stop();

  /// Tasks waiting or under way.
  std::size_t pending() const;

private:
  using steady = std::chrono::steady_clock;

  void run();
  std::optional<std::function<void()>> take();

  mutable std::mutex guard_;
  std::condition_variable wake_;
  std::multimap<steady::time_point, std::function<void()>> waiting_;
  bool busy_ = false;
  bool stopping_ = false;
  std::thread thread_;
};

} // namespace zhiku::sandbox
