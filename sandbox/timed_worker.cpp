#include "sandbox/timed_worker.hpp"

namespace zhiku::sandbox {

timed_worker::timed_worker() : thread_([this] { run(); }) {
  // nop
}

timed_worker::~timed_worker() {
  stop();
  thread_.join();
}

void timed_worker::add(std::function<void()> task,
                       std::chrono::milliseconds delay) {
  {
    std::lock_guard lock{guard_};
    waiting_.emplace(steady::now() + delay, std::move(task));
  }
  wake_.notify_all();
}

void timed_worker::stop() {
  {
    std::lock_guard lock{guard_};
    stopping_ = true;
  }
  wake_.notify_all();
}

std::size_t timed_worker::pending() const {
  std::lock_guard lock{guard_};
  return waiting_.size() + (busy_ ? 1 : 0);
}

void timed_worker::run() {
  while (auto next = take()) {
    (*next)();
    std::lock_guard lock{guard_};
    busy_ = false;
  }
}

/// Waits for the next task that is due; nothing at the end.
std::optional<std::function<void()>> timed_worker::take() {
  std::unique_lock lock{guard_};
  while (!stopping_) {
    if (waiting_.empty()) {
      wake_.wait(lock);
    } else if (auto first = waiting_.begin(); first->first > steady::now()) {
      auto due = first->first;
      wake_.wait_until(lock, due);
    } else {
      auto out = std::move(first->second);
      waiting_.erase(first);
      busy_ = true;
      return out;
    }
  }
  return std::nullopt;
}

} // namespace zhiku::sandbox
