#include "http/event_loop.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

namespace zhiku::http {

namespace {

constexpr std::chrono::milliseconds sweep_interval{100};
constexpr std::size_t events_at_once = 64;

} // namespace

event_loop::event_loop()
    : epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      wakeup_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &wakeup_;
  if (valid())
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wakeup_, &event);
}

event_loop::~event_loop() {
  if (epoll_ >= 0)
    ::close(epoll_);
  if (wakeup_ >= 0)
    ::close(wakeup_);
}

bool event_loop::valid() const {
  return epoll_ >= 0 && wakeup_ >= 0;
}

void event_loop::post(std::function<void()> task) {
  {
    const std::lock_guard guard{tasks_mutex_};
    if (ended_)
      return;
    tasks_.push_back(std::move(task));
  }
  wake();
}

bool event_loop::add(int fd, std::uint32_t events, connection* target) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = target;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, fd, &event) == 0;
}

void event_loop::modify(int fd, std::uint32_t events, connection* target) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = target;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, fd, &event);
}

void event_loop::quit() {
  post([this] { running_ = false; });
}

bool event_loop::listen(int listener, std::function<void()> accept) {
  accept_ = std::move(accept);
  listener_ = listener;
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.ptr = &accept_;
  return ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener, &event) == 0;
}

void event_loop::run() {
  while (running_)
    wait();
  for (const auto& left : connections_)
    left->close();
  connections_.clear();
  graveyard_.clear();
  std::vector<std::function<void()>> unrun;
  const std::lock_guard guard{tasks_mutex_};
  ended_ = true;
  unrun.swap(tasks_);
}

void event_loop::wait() {
  std::array<epoll_event, events_at_once> events;
  const bool at_rest = connections_.empty() && !resting_;
  const int patience = at_rest ? -1 : static_cast<int>(sweep_interval.count());
  const int count =
    ::epoll_wait(epoll_, events.data(), events.size(), patience);
  for (int i = 0; i < count; ++i) {
    const auto& event = events[static_cast<std::size_t>(i)];
    serve(event.events, event.data.ptr);
  }
  sweep_when_due();
  graveyard_.clear();
}

void event_loop::serve(std::uint32_t events, void* target) {
  if (target == &wakeup_)
    return run_tasks();
  if (target == &accept_)
    return accept_();
  auto& served = *static_cast<connection*>(target);
  if (!served.on_events(events))
    drop(served);
}

void event_loop::wake() {
  const std::uint64_t one = 1;
  // A full counter means the loop is being woken anyway.
  [[maybe_unused]] const auto ignored = ::write(wakeup_, &one, sizeof one);
}

void event_loop::run_tasks() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto ignored = ::read(wakeup_, &count, sizeof count);
  std::vector<std::function<void()>> tasks;
  {
    const std::lock_guard guard{tasks_mutex_};
    tasks.swap(tasks_);
  }
  for (const auto& task : tasks)
    task();
}

void event_loop::adopt(std::shared_ptr<connection> newcomer) {
  newcomer->place = connections_.size();
  connections_.push_back(std::move(newcomer));
  auto& served = *connections_.back();
  if (!served.watch())
    drop(served);
}

void event_loop::rest_from_accepting() {
  resting_ = true;
  watch_listener(0);
}

void event_loop::watch_listener(std::uint32_t events) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = &accept_;
  ::epoll_ctl(epoll_, EPOLL_CTL_MOD, listener_, &event);
}

void event_loop::drop(connection& gone) {
  const auto place = gone.place;
  if (place >= connections_.size() || connections_[place].get() != &gone)
    return;
  gone.close();
  graveyard_.push_back(std::move(connections_[place]));
  if (place + 1 != connections_.size()) {
    connections_[place] = std::move(connections_.back());
    connections_[place]->place = place;
  }
  connections_.pop_back();
}

void event_loop::sweep_when_due() {
  const auto now = steady_clock::now();
  if (now < next_sweep_)
    return;
  next_sweep_ = now + sweep_interval;
  if (std::exchange(resting_, false))
    watch_listener(EPOLLIN);
  sweep();
}

void event_loop::sweep() {
  const auto now = steady_clock::now();
  // Backwards, because drop() fills the gap with the last one.
  for (auto i = connections_.size(); i > 0; --i)
    if (auto& checked = *connections_[i - 1]; !checked.check_time(now))
      drop(checked);
}

} // namespace zhiku::http
