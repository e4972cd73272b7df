#pragma once
// Lets sleepers be woken when the server is to stop. Thread-safe.

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace zhiku::sandbox {

class stop_gate {
public:
  /// Sleeps so long, or until the gate is opened.
  void pause(std::chrono::milliseconds how_long) {
    std::unique_lock lock{guard_};
    opened_.wait_for(lock, how_long, [this] { return open_; });
  }

  void open() {
    {
      std::lock_guard lock{guard_};
      open_ = true;
    }
    opened_.notify_all();
  }

private:
  std::mutex guard_;
  std::condition_variable opened_;
  bool open_ = false;
};

} // namespace zhiku::sandbox
