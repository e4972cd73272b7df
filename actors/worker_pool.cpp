#include "actors/worker_pool.hpp"

#include "base/log.hpp"

#include <nlohmann/json.hpp>

#include <sys/resource.h>

namespace zhiku::actors {

worker_pool::worker_pool(std::size_t threads, std::size_t queue, int niceness)
    : limit_(queue) {
  for (std::size_t i = 0; i < threads; ++i)
    threads_.emplace_back([this, niceness] { serve(niceness); });
}

worker_pool::~worker_pool() {
  close();
}

void worker_pool::close() {
  {
    std::lock_guard lock{mutex_};
    closing_ = true;
  }
  more_.notify_all();
  for (auto& thread : threads_)
    thread.join();
  threads_.clear();
}

bool worker_pool::run(std::function<void()> work) {
  {
    std::lock_guard lock{mutex_};
    if (closing_ || queue_.size() >= limit_)
      return false;
    queue_.push_back(std::move(work));
  }
  more_.notify_one();
  return true;
}

void worker_pool::serve(int niceness) {
  // On Linux this is the calling thread's; refused, it only stays as it is.
  if (niceness != 0)
    setpriority(PRIO_PROCESS, 0, niceness);
  for (;;) {
    std::function<void()> work;
    {
      std::unique_lock lock{mutex_};
      more_.wait(lock, [this] { return closing_ || !queue_.empty(); });
      if (queue_.empty())
        return;
      work = std::move(queue_.front());
      queue_.pop_front();
    }
    try {
      work();
    } catch (const std::exception& err) {
      log::error("worker drops failed work", {{"failure", err.what()}});
    }
  }
}

} // namespace zhiku::actors
