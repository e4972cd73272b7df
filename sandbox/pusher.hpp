#pragma once
// Delivers pushes to the callback as the platform does: signed, again when no
// answer comes, and what comes back is the passive reply. Owns its threads;
// `send` and `pending` are thread-safe.

#include "sandbox/settings.hpp"
#include "wechat/push.hpp"

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
  /// @param answered  called on a thread of the pusher after the last try of
  ///                  each push
  pusher(const settings& how, std::function<void(push_answer)> answered);

  /// Waits for tries under way, at most the platform's patience.
  ~pusher();

  /// Pushes to one follower keep their order unless one has to be retried.
  void send(wechat::push what, std::chrono::milliseconds delay = {});

  /// Pushes not yet answered or given up.
  std::size_t pending() const;

private:
  class lane;

  int retries_;
  std::vector<std::unique_ptr<lane>> lanes_;
};

} // namespace zhiku::sandbox
