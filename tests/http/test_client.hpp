#pragma once
// A bare socket that speaks exactly the bytes a test gives it, and a server on
// a free port. Every wait has a deadline.

#include "http/server.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace zhiku::http {

inline constexpr std::chrono::seconds patience{10};

/// Whether `condition` came true within the patience.
inline bool eventually(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  return true;
}

/// One answer as read from the wire.
struct reply {
  int status = 0; ///< 0: the connection ended before a whole answer
  std::string head;
  std::string body;

  std::string header(std::string_view name) const {
    const auto at = head.find("\r\n" + std::string{name} + ": ");
    if (at == std::string::npos)
      return {};
    const auto from = at + 4 + name.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class test_client {
public:
  /// `receive_buffer`: bytes; 0 leaves the system's choice.
  explicit test_client(int port, int receive_buffer = 0)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_buffer > 0)
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer,
                   sizeof receive_buffer);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_ =
      ::connect(fd_, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0;
  }

  ~test_client() {
    vanish();
  }

  test_client(test_client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_),
        unread_(std::move(other.unread_)) {
    // nop
  }
  test_client(const test_client&) = delete;
  test_client& operator=(const test_client&) = delete;

  bool connected() const {
    return connected_;
  }

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const auto count = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  void send_end() {
    ::shutdown(fd_, SHUT_WR);
  }

  void vanish() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

  /// The next answer. `to_head`: it answers a HEAD.
  reply receive(bool to_head = false) {
    reply got;
    while (unread_.find("\r\n\r\n") == std::string::npos)
      if (!read_more())
        return got;
    const auto end = unread_.find("\r\n\r\n") + 4;
    got.head = unread_.substr(0, end);
    unread_.erase(0, end);
    const auto length = got.header("Content-Length");
    const std::size_t size = length.empty() || to_head ? 0 : std::stoul(length);
    while (unread_.size() < size)
      if (!read_more())
        return got;
    got.body = unread_.substr(0, size);
    unread_.erase(0, size);
    got.status = std::stoi(got.head.substr(9, 3));
    return got;
  }

  /// Whether the server ends the connection, and without another byte.
  bool at_end() {
    return unread_.empty() && !read_more() && !timed_out_;
  }

private:
  bool read_more() {
    pollfd readable{fd_, POLLIN, 0};
    timed_out_ = ::poll(&readable, 1, 10'000) == 0;
    if (timed_out_)
      return false;
    char buffer[16 * 1024];
    const auto count = ::recv(fd_, buffer, sizeof buffer, 0);
    if (count <= 0)
      return false;
    unread_.append(buffer, static_cast<std::size_t>(count));
    return true;
  }

  int fd_;
  bool connected_ = false;
  bool timed_out_ = false;
  std::string unread_;
};

} // namespace zhiku::http
