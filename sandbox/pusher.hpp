#pragma once
// Delivers pushes to the callback as the platform does: signed, again when no
// answer comes, and what comes back is the passive reply. Owns its threads;
// thread-safe.

#include "sandbox/push_codec.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zhiku::sandbox {

/// What a follower sees of the callback's answer.
struct push_answer {
  std::string openid;
  std::string text;    ///< of a passive reply; empty: nothing to show
  bool broken = false; ///< the service "出现故障": no or no valid answer
};

class pusher {
public:
  /// Called after the last try of a push, on a thread of the pusher.
  using answered_function = std::function<void(const push_answer&)>;

  pusher(const settings& how, answered_function answered);

  /// Waits for tries under way, at most the platform's patience.
  ~pusher();

  /// Pushes to one follower keep their order unless one has to be retried.
  /// @param settled  as `answered`, for this push alone; may be empty
  void send(wechat::push what, std::chrono::milliseconds delay = {},
            std::function<void()> settled = {});

  /// Whether retries repeat timestamp and nonce; else they are signed anew.
  void repeat_signatures(bool yes);

  push_codec& codec() {
    return codec_;
  }

  /// Pushes not yet answered or given up.
  std::size_t pending() const;

private:
  class lane;

  push_codec codec_;
  std::atomic<bool> repeat_signatures_{false};
  int retries_;
  std::vector<std::unique_ptr<lane>> lanes_;
};

} // namespace zhiku::sandbox
