#pragma once
// One worker: an epoll set and the thread that serves it. Private to the
// server. Connections stay with their loop for life.

#include "http/connection.hpp"

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace zhiku::http {

class event_loop {
public:
  event_loop();
  ~event_loop();

  event_loop(const event_loop&) = delete;
  event_loop& operator=(const event_loop&) = delete;

  /// Whether the system gave what a loop needs.
  bool valid() const;

  // -- thread-safe ------------------------------------------------------------

  /// Runs `task` on the loop's thread, soon. It is destroyed unrun when the
  /// loop has ended.
  void post(std::function<void()> task);

  /// Changes what epoll watches for; `target` is handed back with events.
  bool add(int fd, std::uint32_t events, connection* target);
  void modify(int fd, std::uint32_t events, connection* target);

  /// Lets `run` return soon.
  void quit();

  // -- before run(), or on the loop's thread ----------------------------------

  /// Calls `accept` whenever `listener` has connections waiting.
  bool listen(int listener, std::function<void()> accept);

  /// Serves until quit(), then closes every connection.
  void run();

  /// Serves `newcomer` from now on.
  void adopt(std::shared_ptr<connection> newcomer);

  /// Ignores the listener until the next sweep.
  void rest_from_accepting();

  /// Checks all time limits now, whatever the clock says.
  void sweep();

  /// A place to read into, so that connections at rest own no buffer.
  std::array<char, 64 * 1024> scratch;

private:
  void wait();
  void serve(std::uint32_t events, void* target);
  void wake();
  void run_tasks();
  void watch_listener(std::uint32_t events);
  void drop(connection& gone);
  void sweep_when_due();

  int epoll_ = -1;
  int wakeup_ = -1;
  int listener_ = -1;
  bool resting_ = false; // from accepting
  bool running_ = true;  // loop's thread only
  std::function<void()> accept_;
  steady_clock::time_point next_sweep_;
  std::vector<std::shared_ptr<connection>> connections_;
  // Dropped ones live until no reported event can point to them.
  std::vector<std::shared_ptr<connection>> graveyard_;
  std::mutex tasks_mutex_;
  std::vector<std::function<void()>> tasks_;
  bool ended_ = false; // no more tasks
};

} // namespace zhiku::http
