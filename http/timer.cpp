#include "http/timer.hpp"

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <utility>

namespace zhiku::http {

namespace {

using tick = std::chrono::duration<std::int64_t, std::ratio<1, 100>>;

} // namespace

struct timer::agenda {
  using clock = std::chrono::steady_clock;
  using entries = std::multimap<clock::time_point, std::function<void()>>;

  std::mutex mutex;
  std::condition_variable changed;
  entries waiting;
  bool stops = false;

  /// Waits for the next due entry; nothing once the timer stops.
  std::function<void()> next() {
    std::unique_lock lock{mutex};
    while (!stops) {
      if (waiting.empty()) {
        changed.wait(lock);
        continue;
      }
      auto first = waiting.begin();
      auto due = first->first;
      if (due <= clock::now()) {
        auto what = std::move(first->second);
        waiting.erase(first);
        return what;
      }
      changed.wait_until(lock, due);
    }
    return {};
  }
};

timer::timer() : agenda_(std::make_shared<agenda>()) {
  thread_ = std::thread{[plan = agenda_] {
    while (auto what = plan->next())
      what();
  }};
}

timer::~timer() {
  agenda::entries dropped; // their ends may call back into us
  {
    std::lock_guard lock{agenda_->mutex};
    agenda_->stops = true;
    dropped.swap(agenda_->waiting);
  }
  agenda_->changed.notify_one();
  if (thread_.get_id() == std::this_thread::get_id())
    thread_.detach();
  else
    thread_.join();
}

void timer::after(std::chrono::milliseconds wait, std::function<void()> what) {
  using clock = agenda::clock;
  auto due = clock::time_point{
    std::chrono::ceil<tick>(clock::now().time_since_epoch() + wait)};
  auto is_first = false;
  {
    std::lock_guard lock{agenda_->mutex};
    is_first =
      agenda_->waiting.empty() || due < agenda_->waiting.begin()->first;
    agenda_->waiting.emplace(due, std::move(what));
  }
  if (is_first)
    agenda_->changed.notify_one();
}

} // namespace zhiku::http
