#pragma once
// The one HTTP client for all that we call: the platform and the carriers.
// Asynchronous over libcurl, on a thread of its own; docs/decisions/0012.
//
// TLS 1.2 or newer, peer and host always verified; HTTP/2 where the peer offers
// it over TLS. Redirects are not followed, no cookies, no proxy (the
// environment's neither), no compression. Connections are kept and used again.

#include "outgoing/message.hpp"
#include "outgoing/observer.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace zhiku::outgoing {

struct settings {
  std::string ca_file{}; ///< PEM of whom to trust; empty: the system's
  /// Accepted for one origin (scheme, host, port) at a time; more are `busy`,
  /// so that a flood of one peer costs another nothing.
  std::size_t calls_per_origin = 1'000;
  /// Of these on the wire; the others wait for their turn, in order.
  std::size_t parallel_per_origin = 100;
  /// A connection that was unused for longer is not used again.
  std::chrono::seconds idle_for{30};
  std::shared_ptr<observer> seen_by{}; ///< null: nobody
};

/// Names one call of one client; 0: none.
using call_id = std::uint64_t;

class client {
public:
  /// Called exactly once. Must neither block nor throw; may use the client,
  /// except for `wait_for` and `stop`.
  using callback = std::function<void(result)>;

  explicit client(settings how = {});
  ~client(); ///< as `stop`
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  /// Makes the call. `done` runs on the client's thread; for invalid_request,
  /// busy and stopped on the caller's, before this returns 0. Thread-safe.
  call_id send(request what, callback done);

  /// Gives a call up: its callback gets `cancelled`, unless it has an outcome
  /// already. Thread-safe; does not wait.
  void cancel(call_id which);

  /// Makes the call and waits for its outcome. Blocking, for callers on threads
  /// of their own. Thread-safe.
  result wait_for(request what);

  /// Calls accepted and not yet answered. Thread-safe.
  std::size_t under_way() const;

  /// Takes no more calls, ends those under way with `stopped` and waits for
  /// their callbacks. Thread-safe, but not for callbacks; may be repeated.
  void stop();

private:
  class core;
  std::unique_ptr<core> core_;
};

} // namespace zhiku::outgoing
