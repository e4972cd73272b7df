#pragma once
// What the server, its loops, its connections and late responders share. It
// lives as long as the last of them. Private to the server.

#include "http/request_parser.hpp"
#include "http/server.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>

namespace zhiku::http {

using steady_clock = std::chrono::steady_clock;

class server_core {
public:
  server_core(server_options chosen, handler called)
      : options(std::move(chosen)), handle(std::move(called)) {
    // nop
  }

  const server_options options;
  const handler handle;
  const request_parser parser;
  std::atomic<bool> draining{false}; ///< stop() has begun

  /// Whether one more connection may stay; counts it when so.
  bool admit_connection();
  void connection_closed();

  /// Whether one more request may go to the handler; counts it when so.
  bool admit_request();
  void request_answered();

  /// What the server itself says with `status`.
  response own_answer(int status) const;

  server_stats stats() const;

  /// Whether the last connection went before `deadline`.
  bool wait_until_empty(steady_clock::time_point deadline);

private:
  std::atomic<std::size_t> connections_{0};
  std::atomic<std::size_t> in_flight_{0};
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> requests_{0};
  std::atomic<std::uint64_t> rejected_{0};
  std::mutex emptied_mutex_;
  std::condition_variable emptied_;
};

} // namespace zhiku::http
