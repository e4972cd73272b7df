#pragma once
// The access token of our account, one for all notifiers of this process:
// fetched once at a time, renewed ahead of its end, replaced only while it is
// still the one that failed. PROTOCOL 2.

#include "wechat/api.hpp"

#include <chrono>
#include <mutex>
#include <string>

namespace zhiku::actors {

/// Thread-safe; a fetch holds up those who need a token meanwhile, so that
/// there is one fetch and not many.
class token_keeper {
public:
  using steady = std::chrono::steady_clock;

  /// A token with life left, fetched through `by` when there is none.
  wechat::result<std::string> token(wechat::api& by);

  /// The platform refused `failing`. Gives the token now held when it is
  /// another one already, or else asks the platform, which gives the same one
  /// again when it thinks it good.
  wechat::result<std::string> replacement(wechat::api& by,
                                          const std::string& failing);

private:
  wechat::result<std::string> fetch(wechat::api& by);

  std::mutex mutex_;
  std::string token_;
  steady::time_point good_until_;
};

} // namespace zhiku::actors
