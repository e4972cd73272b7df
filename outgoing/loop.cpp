#include "outgoing/loop.hpp"

#include <algorithm>
#include <utility>

namespace zhiku::outgoing {

namespace {

// Platform, two carriers, and one to spare.
constexpr std::size_t busy_peers = 4;

// libcurl wakes up earlier by itself when one of its own timers is due.
constexpr std::chrono::milliseconds longest_sleep{10'000};

thread_local const loop* running_here = nullptr;

} // namespace

loop::loop(const settings& how, std::function<void(const std::string&)> left)
    : how_(how), left_(std::move(left)),
      multi_(curl_multi_init(), curl_multi_cleanup) {
  // Counts those in use too; what is above is closed when it comes back.
  curl_multi_setopt(multi_.get(), CURLMOPT_MAXCONNECTS,
                    static_cast<long>(busy_peers * how_.parallel_per_origin));
  thread_ = std::thread{[this] { run(); }};
}

loop::~loop() {
  stop();
}

// -- from other threads -------------------------------------------------------

bool loop::add(std::unique_ptr<transfer>& one) {
  {
    std::lock_guard lock{mutex_};
    if (closed_)
      return false;
    mail_.calls.push_back(std::move(one));
  }
  curl_multi_wakeup(multi_.get());
  return true;
}

void loop::cancel(call_id which) {
  {
    std::lock_guard lock{mutex_};
    if (closed_)
      return;
    mail_.cancelled.push_back(which);
  }
  curl_multi_wakeup(multi_.get());
}

void loop::stop() {
  {
    std::lock_guard lock{mutex_};
    closed_ = true;
    mail_.stop = true;
  }
  curl_multi_wakeup(multi_.get());
  std::lock_guard lock{join_mutex_};
  if (thread_.joinable())
    thread_.join();
}

bool loop::is_own_thread() const {
  return running_here == this;
}

// -- the loop -----------------------------------------------------------------

void loop::run() {
  running_here = this;
  while (take_mail()) {
    drop_overdue();
    int on_wire = 0;
    curl_multi_perform(multi_.get(), &on_wire);
    take_finished();
    for (auto& [origin, to] : peers_)
      start_waiting(to);
    wait();
  }
  // Callbacks find the client closed, so that none comes after the last.
  while (!calls_.empty())
    give_up(calls_.begin()->first, errc::stopped);
}

/// False when the loop has to end.
bool loop::take_mail() {
  mail news;
  {
    std::lock_guard lock{mutex_};
    news = std::exchange(mail_, {});
  }
  for (auto& one : news.calls)
    start_or_queue(std::move(one));
  for (auto which : news.cancelled)
    give_up(which, errc::cancelled);
  return !news.stop;
}

void loop::start_or_queue(std::unique_ptr<transfer> one) {
  auto& call = *one;
  calls_.emplace(call.id(), std::move(one));
  auto& to = peers_[call.origin()];
  if (to.on_wire < how_.parallel_per_origin)
    return start(call);
  to.waiting.push_back(call.id());
  waiting_until_.emplace(call.deadline(), call.id());
}

void loop::start(transfer& one) {
  auto ready = one.prepare(how_);
  if (ready) {
    count_on_wire(one, 1);
    ready = curl_multi_add_handle(multi_.get(), one.handle()) == CURLM_OK;
  }
  if (!ready)
    finish(one.id(),
           [](transfer& call) { return call.ended(CURLE_OUT_OF_MEMORY); });
}

void loop::start_waiting(peer& to) {
  while (to.on_wire < how_.parallel_per_origin && !to.waiting.empty()) {
    auto next = calls_.find(to.waiting.front());
    to.waiting.pop_front();
    if (next == calls_.end())
      continue;
    waiting_until_.erase({next->second->deadline(), next->first});
    start(*next->second);
  }
}

void loop::drop_overdue() {
  auto now = clock::now();
  while (!waiting_until_.empty() && waiting_until_.begin()->first <= now)
    give_up(waiting_until_.begin()->second, errc::timed_out);
}

void loop::take_finished() {
  int more = 0;
  while (const auto* news = curl_multi_info_read(multi_.get(), &more)) {
    if (news->msg != CURLMSG_DONE)
      continue;
    transfer* one = nullptr;
    curl_easy_getinfo(news->easy_handle, CURLINFO_PRIVATE, &one);
    // `news` does not outlive the removal of its handle.
    auto code = news->data.result;
    if (one->goes_again(code)) {
      curl_multi_remove_handle(multi_.get(), one->handle());
      curl_multi_add_handle(multi_.get(), one->handle());
      continue;
    }
    finish(one->id(), [code](transfer& call) { return call.ended(code); });
  }
}

void loop::wait() {
  auto longest = longest_sleep;
  if (!waiting_until_.empty())
    longest = std::clamp(std::chrono::ceil<std::chrono::milliseconds>(
                           waiting_until_.begin()->first - clock::now()),
                         std::chrono::milliseconds{0}, longest);
  curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(longest.count()),
                  nullptr);
}

/// Takes the call out and tells its outcome.
void loop::finish(call_id which, const std::function<result(transfer&)>& how) {
  auto found = calls_.find(which);
  if (found == calls_.end())
    return;
  auto one = std::move(found->second);
  calls_.erase(found);
  waiting_until_.erase({one->deadline(), which});
  auto outcome = how(*one);
  if (one->handle() != nullptr) {
    curl_multi_remove_handle(multi_.get(), one->handle());
    count_on_wire(*one, -1);
  }
  if (!outcome)
    how_.seen_by->failed(outcome.error().code);
  left_(one->origin());
  one->tell(std::move(outcome));
}

void loop::count_on_wire(const transfer& one, int change) {
  peers_[one.origin()].on_wire += static_cast<std::size_t>(change);
  how_.seen_by->on_wire(change);
}

void loop::give_up(call_id which, errc why) {
  finish(which, [why](transfer& call) { return call.given_up(why); });
}

} // namespace zhiku::outgoing
