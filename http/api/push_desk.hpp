#pragma once
// Keeps what the platform pushes and answers it, as many at a time as have
// come while the former were kept (PROTOCOL 1.5). Internal to http/api.

#include "http/api/services.hpp"
#include "http/batcher.hpp"
#include "http/push_meaning.hpp"
#include "wechat/callback.hpp"

namespace zhiku::http {

/// A genuine push, and the request that waits for its answer.
struct waiting_push {
  call_ptr asked;
  wechat::received genuine;
  meaning wants;
};

/// Thread-safe. `s` must outlive it and all it was given.
class push_desk {
public:
  explicit push_desk(services& s);

  /// Answers once the push is kept, or at once when that needs no memory. A
  /// repeat of what was kept is answered like the first delivery, whichever
  /// node had that, and its facts are kept once.
  void take(waiting_push one);

private:
  const services& s_;
  std::shared_ptr<batcher<waiting_push>> batches_;
};

} // namespace zhiku::http
