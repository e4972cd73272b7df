#pragma once
// The front door: HTTP/1.1 over plain TCP, made so that a connection costs no
// thread. cpp-httplib parses; docs/decisions/0002 tells how the rest is done.

#include "domain/result.hpp"
#include "http/message.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace zhiku::http {

/// The right to answer one request. Cheap to copy and to move; the copies share
/// the right. May outlive the request's connection and the server; an answer
/// that comes too late is dropped silently.
class responder {
public:
  /// Calls `deliver` exactly once, on the thread of the first `complete` or of
  /// the last copy's end. It must not throw. The server makes its own; this is
  /// for tests of handlers.
  explicit responder(std::function<void(response)> deliver);

  /// Sends the answer, on any thread, without blocking. Only the first call
  /// among all copies has an effect. When the last copy goes without any, the
  /// answer is 500.
  void complete(response answer) const;

private:
  class right;
  std::shared_ptr<right> right_;
};

/// Called on a worker thread, several at a time; must return at once, because
/// the worker serves other connections too. An exception becomes a bare 500.
using handler = std::function<void(request, responder)>;

struct server_options {
  std::string address = "0.0.0.0"; ///< numeric, IPv4 or IPv6
  int port = 8080;                 ///< 0: the system picks one
  std::size_t workers = 4;

  std::size_t max_header_bytes = 16 * 1024; ///< beyond: 431
  std::size_t max_body_bytes = 1024 * 1024; ///< beyond: 413, before reading on
  std::size_t max_connections = 20'000;     ///< beyond: 503 and closed
  /// Requests with a handler and no answer yet. Beyond: 503 with Retry-After.
  std::size_t max_in_flight = 8192;

  std::chrono::milliseconds header_timeout{15'000}; ///< first byte to end: 408
  std::chrono::milliseconds body_timeout{30'000};   ///< the whole body: 408
  std::chrono::milliseconds idle_timeout{75'000};   ///< closed without a word
  std::chrono::milliseconds response_timeout{30'000}; ///< beyond: 503
  std::chrono::milliseconds write_timeout{30'000};    ///< peer reads nothing

  /// What the server itself answers with `status`, so that it looks like the
  /// handler's own errors. Called on any thread; must not throw. When empty, a
  /// short text.
  std::function<response(int status)> render_error;
};

struct server_stats {
  std::size_t connections = 0; ///< open now
  std::size_t in_flight = 0;   ///< requests with a handler and no answer, now
  std::uint64_t accepted = 0;  ///< connections since the start
  std::uint64_t requests = 0;  ///< given to the handler since the start
  std::uint64_t rejected = 0;  ///< turned away by the two limits
};

/// Owns its sockets and threads. `start` and `stop` belong to one thread at a
/// time and never to a worker; the rest is thread-safe.
class server {
public:
  server(server_options options, handler handle);

  /// Stops without grace.
  ~server();

  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Listens and returns. Raises the soft limit of open files to the hard one.
  /// `errc::unavailable` with the system's words when the address cannot be
  /// had. @pre not started before
  domain::result<domain::nothing> start();

  /// The port listened on; 0 before `start`.
  int port() const;

  /// Accepts nothing more, closes idle connections, waits at most `grace` for
  /// requests that have begun to arrive and for all answers, then closes what
  /// is left. A request begun behind another's answer is not waited for: that
  /// answer says `Connection: close`. Idempotent.
  void stop(std::chrono::milliseconds grace);

  server_stats stats() const;

private:
  class implementation;
  std::unique_ptr<implementation> implementation_;
};

} // namespace zhiku::http
