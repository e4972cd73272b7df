#include "http/server.hpp"

#include "http/event_loop.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <thread>

namespace zhiku::http {

namespace {

constexpr int backlog = 4096;
constexpr int accepts_at_once = 64;

domain::refusal system_refusal(std::string what) {
  return {domain::errc::unavailable, what + ": " + std::strerror(errno), {}};
}

void raise_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

void switch_on(int fd, int level, int option) {
  const int on = 1;
  ::setsockopt(fd, level, option, &on, sizeof on);
}

int bind_and_listen(const addrinfo& where) {
  const int fd =
    ::socket(where.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    return -1;
  switch_on(fd, SOL_SOCKET, SO_REUSEADDR);
  if (::bind(fd, where.ai_addr, where.ai_addrlen) == 0
      && ::listen(fd, backlog) == 0)
    return fd;
  const int reason = errno;
  ::close(fd);
  errno = reason;
  return -1;
}

domain::result<int> open_listener(const std::string& address, int port) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* where = nullptr;
  const auto service = std::to_string(port);
  if (::getaddrinfo(address.c_str(), service.c_str(), &hints, &where) != 0)
    return domain::refusal{
      domain::errc::unavailable, "not a numeric address: " + address, {}};
  const int fd = bind_and_listen(*where);
  auto failure = system_refusal("listen on " + address + ":" + service);
  ::freeaddrinfo(where);
  if (fd < 0)
    return failure;
  return fd;
}

int port_of(int fd) {
  sockaddr_storage bound{};
  socklen_t size = sizeof bound;
  auto* address = reinterpret_cast<sockaddr*>(&bound);
  char service[NI_MAXSERV] = "";
  if (::getsockname(fd, address, &size) != 0
      || ::getnameinfo(address, size, nullptr, 0, service, sizeof service,
                       NI_NUMERICSERV)
           != 0)
    return 0;
  return std::stoi(service);
}

std::string host_of(const sockaddr_storage& peer, socklen_t size) {
  char host[NI_MAXHOST] = "";
  ::getnameinfo(reinterpret_cast<const sockaddr*>(&peer), size, host,
                sizeof host, nullptr, 0, NI_NUMERICHOST);
  return host;
}

/// Best effort: a new socket's buffer has room for it.
void turn_away(int fd, const server_core& core) {
  const auto answer =
    to_wire(core.own_answer(503), {"none", false, false, false});
  ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
  ::close(fd);
}

} // namespace

class server::implementation {
public:
  implementation(server_options options, handler handle)
      : core_(
        std::make_shared<server_core>(std::move(options), std::move(handle))) {
    // nop
  }

  ~implementation() {
    stop(std::chrono::milliseconds{0});
    close_listener();
  }

  domain::result<domain::nothing> start() {
    raise_file_limit();
    if (!make_loops())
      return system_refusal("prepare epoll");
    auto opened = open_listener(core_->options.address, core_->options.port);
    if (!opened)
      return opened.error();
    listener_ = *opened;
    port_ = port_of(listener_);
    if (!loops_.front()->listen(listener_, [this] { accept(); }))
      return system_refusal("watch the listening socket");
    for (const auto& loop : loops_)
      threads_.emplace_back([loop] { loop->run(); });
    return domain::nothing{};
  }

  void stop(std::chrono::milliseconds grace) {
    if (threads_.empty())
      return;
    core_->draining = true;
    loops_.front()->post([this] { close_listener(); });
    for (const auto& loop : loops_)
      loop->post([loop = loop.get()] { loop->sweep(); });
    core_->wait_until_empty(steady_clock::now() + grace);
    for (const auto& loop : loops_)
      loop->quit();
    for (auto& thread : threads_)
      thread.join();
    threads_.clear();
    close_listener();
  }

  int port() const {
    return port_;
  }

  server_stats stats() const {
    return core_->stats();
  }

private:
  bool make_loops() {
    const auto count = std::max<std::size_t>(1, core_->options.workers);
    for (std::size_t i = 0; i < count; ++i)
      loops_.push_back(std::make_shared<event_loop>());
    return std::all_of(loops_.begin(), loops_.end(),
                       [](const auto& loop) { return loop->valid(); });
  }

  void accept() {
    for (int i = 0; i < accepts_at_once && listener_ >= 0; ++i) {
      sockaddr_storage peer{};
      socklen_t size = sizeof peer;
      const int fd = ::accept4(listener_, reinterpret_cast<sockaddr*>(&peer),
                               &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (fd >= 0)
        welcome(fd, host_of(peer, size));
      else if (errno != EINTR && errno != ECONNABORTED)
        return rest_unless_empty();
    }
  }

  // Out of descriptors or memory, the listener reports readiness without end.
  void rest_unless_empty() {
    if (errno != EAGAIN)
      loops_.front()->rest_from_accepting();
  }

  void welcome(int fd, std::string address) {
    if (!core_->admit_connection())
      return turn_away(fd, *core_);
    switch_on(fd, IPPROTO_TCP, TCP_NODELAY);
    const auto& loop = loops_[next_loop_++ % loops_.size()];
    auto newcomer =
      std::make_shared<connection>(fd, std::move(address), core_, loop);
    if (loop == loops_.front())
      return loop->adopt(std::move(newcomer));
    loop->post([loop = loop.get(), newcomer = std::move(newcomer)] {
      loop->adopt(newcomer);
    });
  }

  void close_listener() {
    if (listener_ >= 0)
      ::close(listener_);
    listener_ = -1;
  }

  std::shared_ptr<server_core> core_;
  std::vector<std::shared_ptr<event_loop>> loops_;
  std::vector<std::thread> threads_;
  std::size_t next_loop_ = 0;
  int listener_ = -1; // first loop's thread only, while there are threads
  int port_ = 0;
};

server::server(server_options options, handler handle)
    : implementation_(
      std::make_unique<implementation>(std::move(options), std::move(handle))) {
  // nop
}

server::~server() = default;

domain::result<domain::nothing> server::start() {
  return implementation_->start();
}

int server::port() const {
  return implementation_->port();
}

void server::stop(std::chrono::milliseconds grace) {
  implementation_->stop(grace);
}

server_stats server::stats() const {
  return implementation_->stats();
}

} // namespace zhiku::http
