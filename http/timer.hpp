#pragma once
// Calls back after a while. One thread of its own; thread-safe.

#include <chrono>
#include <functional>
#include <memory>
#include <thread>

namespace zhiku::http {

class timer {
public:
  timer();

  /// Drops what has not fallen due. May run inside a call-back, when that held
  /// the last reference to the timer's owner.
  ~timer();

  timer(const timer&) = delete;
  timer& operator=(const timer&) = delete;

  /// Calls `what` once, in `wait` from now or up to 10 ms later, so that many
  /// are called together. It must neither block nor throw.
  void after(std::chrono::milliseconds wait, std::function<void()> what);

private:
  struct agenda;

  std::shared_ptr<agenda> agenda_; ///< the thread's too
  std::thread thread_;
};

} // namespace zhiku::http
