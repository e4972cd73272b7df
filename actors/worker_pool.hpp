#pragma once
// Threads for work that blocks and is no actor's: SQL reads of the front door,
// password hashing.

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace zhiku::actors {

class worker_pool {
public:
  /// @param niceness  of its threads, as setpriority(2) has it
  worker_pool(std::size_t threads, std::size_t queue, int niceness = 0);
  ~worker_pool(); ///< as `close`

  /// Finishes what is queued; takes nothing from now on. For one thread, which
  /// is none of its own.
  void close();

  /// False, and `work` never runs, when the queue is full or the pool closed.
  bool run(std::function<void()> work);

private:
  void serve(int niceness);

  std::size_t limit_;
  std::mutex mutex_;
  std::condition_variable more_;
  std::deque<std::function<void()>> queue_;
  bool closing_ = false;
  std::vector<std::thread> threads_;
};

} // namespace zhiku::actors
