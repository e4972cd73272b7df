#include "actors/monitor.hpp"

#include "base/log.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::actors {

namespace {

constexpr std::chrono::seconds interval{5};

// An effect is normally under way for milliseconds.
constexpr domain::seconds overdue_after{5};
constexpr domain::seconds stuck_after{30};

constexpr domain::seconds cleaning_interval{3600};

} // namespace

monitor::monitor(persistence::health look, std::shared_ptr<database_clock> time,
                 std::shared_ptr<metrics> counts,
                 std::function<void(domain::instant)> besides)
    : health_(std::move(look)), time_(std::move(time)),
      counts_(std::move(counts)), besides_(std::move(besides)) {
  look_now();
  thread_ = std::thread{[this] { run(); }};
}

monitor::~monitor() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stop_.notify_all();
  thread_.join();
}

void monitor::look_now() {
  time_->measure([this] { return health_.clock(); });
  std::chrono::duration<double> offset = time_->offset();
  counts_->clock_offset.Set(offset.count());
  auto found = health_.look(time_->now(), overdue_after, stuck_after);
  well_ = found.ok();
  if (!found)
    return;
  counts_->overdue.Set(static_cast<double>(found->overdue));
  counts_->stuck.Set(static_cast<double>(found->stuck.size()));
  counts_->set_aside.Set(static_cast<double>(found->set_aside));
  for (const auto& stream : found->stuck)
    log::error("watchdog finds stuck entity", {{"stream", stream}});
}

void monitor::clean_up() {
  auto now = time_->now();
  if (now < cleaned_at_ + cleaning_interval)
    return;
  cleaned_at_ = now;
  if (!health_.forget_old(now))
    log::warn("what has served its time cannot be deleted", {});
}

void monitor::run() {
  std::unique_lock lock{mutex_};
  while (!stop_.wait_for(lock, interval, [this] { return stopping_; })) {
    lock.unlock();
    look_now();
    besides_(time_->now());
    clean_up();
    lock.lock();
  }
}

} // namespace zhiku::actors
