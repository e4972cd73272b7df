// Connections cost nothing (X11): clients and browsers keep many open.

#include "tests/sandbox/fixture.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <memory>
#include <vector>

namespace zhiku::sandbox {

namespace {

constexpr std::size_t many = 2'000;

/// A kept connection.
class line {
public:
  explicit line(int port) : fd_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(port));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    timeval patience{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    connected_ =
      ::connect(fd_, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0;
  }

  ~line() {
    ::close(fd_);
  }

  line(const line&) = delete;
  line& operator=(const line&) = delete;

  /// Whether a call over it is answered.
  bool answers() {
    static constexpr std::string_view call =
      "GET /control/menu HTTP/1.1\r\nHost: sandbox\r\n\r\n";
    static constexpr std::string_view end = "{\"menu\":null}";
    if (!connected_
        || ::send(fd_, call.data(), call.size(), MSG_NOSIGNAL)
             != static_cast<ssize_t>(call.size()))
      return false;
    std::string got;
    char some[1024];
    while (!got.ends_with(end)) {
      auto count = ::recv(fd_, some, sizeof some, 0);
      if (count <= 0)
        return false;
      got.append(some, static_cast<std::size_t>(count));
    }
    return got.starts_with("HTTP/1.1 200");
  }

private:
  int fd_;
  bool connected_ = false;
};

class connections : public sandbox_fixture {};

} // namespace

TEST_F(connections, x11_two_thousand_that_are_kept_leave_it_awake) {
  std::vector<std::unique_ptr<line>> kept;
  for (std::size_t i = 0; i < many; ++i) {
    kept.push_back(std::make_unique<line>(running_.port()));
    ASSERT_TRUE(kept.back()->answers()) << i;
  }
  EXPECT_EQ(get("/control/calls").at("most_calls_at_once"), 0);
  for (auto& one : kept)
    ASSERT_TRUE(one->answers());
}

// A sandbox of few threads, more calls than threads: the others wait.
TEST_F(connections, more_calls_than_threads_are_all_answered) {
  post("/control/faults",
       {{"api", "stable_token"}, {"count", 0}, {"latency_ms", 20}});
  std::vector<std::thread> callers;
  std::atomic<std::size_t> answered{0};
  for (std::size_t i = 0; i < 4 * how_.threads; ++i)
    callers.emplace_back([&] {
      if (wechat::api{account(), client_}.stable_token())
        ++answered;
    });
  for (auto& each : callers)
    each.join();
  EXPECT_EQ(answered, callers.size());
  EXPECT_LE(get("/control/calls").at("most_calls_at_once"), how_.threads);
}

} // namespace zhiku::sandbox
