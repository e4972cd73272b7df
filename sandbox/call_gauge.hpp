#pragma once
// How many of the platform's calls are being served at once. Thread-safe.

#include <algorithm>
#include <cstddef>
#include <mutex>

namespace zhiku::sandbox {

class call_gauge {
public:
  /// One call, from its arrival to its answer.
  class call {
  public:
    explicit call(call_gauge& of) : of_(of) {
      std::lock_guard lock{of_.guard_};
      of_.most_ = std::max(of_.most_, ++of_.now_);
    }

    ~call() {
      std::lock_guard lock{of_.guard_};
      --of_.now_;
    }

    call(const call&) = delete;
    call& operator=(const call&) = delete;

  private:
    call_gauge& of_;
  };

  /// The most there were at any time.
  std::size_t most() const {
    std::lock_guard lock{guard_};
    return most_;
  }

private:
  mutable std::mutex guard_;
  std::size_t now_ = 0;
  std::size_t most_ = 0;
};

} // namespace zhiku::sandbox
