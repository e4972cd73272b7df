#include "bench/roll_call.hpp"

#include "bench/report.hpp"
#include "bench/sittings.hpp"

#include <condition_variable>
#include <mutex>

namespace zhiku::bench {

namespace {

constexpr std::size_t asked_at_once = 512;

/// Lets at most so many orders be under way.
class turnstile {
public:
  void enter() {
    std::unique_lock lock{mutex_};
    freed_.wait(lock, [this] { return inside_ < asked_at_once; });
    ++inside_;
  }

  void leave() {
    std::lock_guard lock{mutex_};
    --inside_;
    freed_.notify_all();
  }

  void wait_until_empty() {
    std::unique_lock lock{mutex_};
    freed_.wait(lock, [this] { return inside_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t inside_ = 0;
};

} // namespace

void roll_call(actors::gateway& gateway, std::size_t first, std::size_t last) {
  turnstile gate;
  std::size_t absent = 0;
  std::mutex mutex;
  for (auto place = first; place < last; ++place) {
    sitting who{place};
    gate.enter();
    gateway.execute({who.stream(), {"result"}, who.owner(), ""},
                    [&](const actors::outcome& how) {
                      if (how.code != domain::errc::score_not_ready) {
                        std::lock_guard lock{mutex};
                        ++absent;
                      }
                      gate.leave();
                    });
  }
  gate.wait_until_empty();
  if (absent != 0)
    throw cannot_measure(std::to_string(absent) + " attempts do not run");
}

} // namespace zhiku::bench
