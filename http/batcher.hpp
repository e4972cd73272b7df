#pragma once
// Group commit for work of many threads: while one batch is being worked on,
// the next gathers, so that a busy time costs few transactions and a quiet one
// no waiting.

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace zhiku::http {

/// Owned by a shared_ptr; what is under way keeps it alive. Thread-safe.
template <class Item>
class batcher : public std::enable_shared_from_this<batcher<Item>> {
public:
  using batch = std::vector<Item>;
  using rest = std::function<void()>;

  /// Runs the first elsewhere, or else calls the second at once.
  using runner =
    std::function<void(std::function<void()>, std::function<void()>)>;

  struct limits {
    std::size_t batch;   ///< items worked on together
    std::size_t waiting; ///< beyond these, more are refused
  };

  /// @param work    gets one batch at a time, in the order they were added;
  ///                what it returns is done beside the next batch. Neither is
  ///                to throw: what waits would be refused
  /// @param refuse  gets those that will never be worked on; it must neither
  ///                block nor throw
  batcher(limits most, runner run, std::function<rest(batch)> work,
          std::function<void(batch)> refuse)
      : most_(most), run_(std::move(run)), work_(std::move(work)),
        refuse_(std::move(refuse)) {
    // nop
  }

  void add(Item one) {
    std::unique_lock lock{mutex_};
    if (waiting_.size() >= most_.waiting) {
      lock.unlock();
      batch refused;
      refused.push_back(std::move(one));
      return refuse_(std::move(refused));
    }
    waiting_.push_back(std::move(one));
    if (std::exchange(busy_, true))
      return;
    lock.unlock();
    start();
  }

private:
  void start() {
    try {
      run_([self = this->shared_from_this()] { self->serve(); },
           [self = this->shared_from_this()] { self->give_up(); });
    } catch (...) {
      give_up();
    }
  }

  void serve() {
    rest finish;
    try {
      finish = work_(next_batch());
    } catch (...) {
      return give_up(); // else nobody would ever begin the next
    }
    if (has_more())
      start();
    finish();
  }

  bool has_more() {
    std::lock_guard lock{mutex_};
    busy_ = !waiting_.empty();
    return busy_;
  }

  batch next_batch() {
    std::lock_guard lock{mutex_};
    if (waiting_.size() <= most_.batch)
      return std::exchange(waiting_, {});
    auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(most_.batch);
    batch taken{std::make_move_iterator(waiting_.begin()),
                std::make_move_iterator(end)};
    waiting_.erase(waiting_.begin(), end);
    return taken;
  }

  void give_up() {
    std::unique_lock lock{mutex_};
    auto refused = std::exchange(waiting_, {});
    busy_ = false;
    lock.unlock();
    refuse_(std::move(refused));
  }

  const limits most_;
  const runner run_;
  const std::function<rest(batch)> work_;
  const std::function<void(batch)> refuse_;
  std::mutex mutex_;
  batch waiting_;
  bool busy_ = false;
};

} // namespace zhiku::http
