#pragma once
// A closed loop of keep-alive connections on one thread: each sends its next
// request as soon as it has the former answer.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zhiku::bench {

/// A socket, closed with its object.
class connection {
public:
  /// @throws cannot_measure when nobody answers on that port of this machine
  explicit connection(int port);
  ~connection();
  connection(connection&& other) noexcept;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  int descriptor() const {
    return fd_;
  }

  /// Sends a whole small request.
  /// @throws cannot_measure when it does not fit the socket
  void send(const std::string& request) const;

private:
  int fd_;
};

class load_generator {
public:
  /// Gives the next request of one connection, as it goes over the wire.
  using source = std::function<std::string()>;

  load_generator(int port, std::vector<source> sources);
  ~load_generator();

  struct tally {
    double per_second = 0; ///< answers with status 2xx
    std::uint64_t errors = 0;
    double p50_ms = 0;
    double p99_ms = 0;
  };

  /// One turn: a short warm-up, then `length` measured; returns when nothing
  /// is under way any more.
  /// @throws cannot_measure when a connection breaks or answers stay away
  tally run(std::chrono::milliseconds length);

private:
  struct client;
  class turn;

  std::vector<std::unique_ptr<client>> clients_;
  int epoll_;
};

/// Connections that have asked once, got their answer and now keep silent.
/// @throws cannot_measure when one is refused
std::vector<connection> idle_connections(int port, std::size_t count,
                                         const std::string& request);

} // namespace zhiku::bench
