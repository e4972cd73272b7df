#include "tests/support/tls_server.hpp"

#include <algorithm>
#include <charconv>
#include <csignal>
#include <stdexcept>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zhiku::test {

namespace {

void require(bool good) {
  if (!good)
    throw std::runtime_error{"cannot make a test server"};
}

std::size_t length_in(std::string_view head) {
  constexpr std::string_view name = "\r\nContent-Length: ";
  auto at = head.find(name);
  std::size_t length = 0;
  if (at != std::string_view::npos)
    std::from_chars(head.data() + at + name.size(), head.data() + head.size(),
                    length);
  return length;
}

} // namespace

// -- a connection -------------------------------------------------------------

tls_peer::tls_peer(int number, int socket, SSL* tls)
    : number_(number), socket_(socket), tls_(tls) {
  // nop
}

std::optional<std::string> tls_peer::read_request() {
  for (;;) {
    auto end = unread_.find("\r\n\r\n");
    if (end != std::string::npos) {
      auto size = end + 4 + length_in({unread_.data(), end});
      if (unread_.size() >= size) {
        auto whole = unread_.substr(0, size);
        unread_.erase(0, size);
        return whole;
      }
    }
    char some[4096];
    auto got = SSL_read(tls_, some, sizeof some);
    if (got <= 0)
      return std::nullopt;
    unread_.append(some, static_cast<std::size_t>(got));
  }
}

bool tls_peer::write(std::string_view bytes) {
  return bytes.empty()
         || SSL_write(tls_, bytes.data(), static_cast<int>(bytes.size())) > 0;
}

bool tls_peer::ends_within(int longest_ms) {
  pollfd one{socket_, POLLIN, 0};
  return poll(&one, 1, longest_ms) > 0;
}

void tls_peer::reset() {
  SSL_set_quiet_shutdown(tls_, 1);
  linger now{1, 0};
  setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

// -- the server ---------------------------------------------------------------

tls_server::tls_server(const identity& who, script what)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
      what_(std::move(what)) {
  std::signal(SIGPIPE, SIG_IGN);
  SSL_CTX_use_certificate(context_.get(), who.certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), who.key.get());
  SSL_CTX_set_alpn_select_cb(context_.get(), choose_protocol, this);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in here{};
  here.sin_family = AF_INET;
  here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof here;
  auto* address = reinterpret_cast<sockaddr*>(&here);
  require(bind(listener_, address, size) == 0 && listen(listener_, 1024) == 0
          && getsockname(listener_, address, &size) == 0);
  port_ = ntohs(here.sin_port);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

tls_server::~tls_server() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
    for (auto socket : sockets_)
      shutdown(socket, SHUT_RDWR);
  }
  shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  for (auto& one : threads_)
    one.join();
  close(listener_);
}

std::string tls_server::origin() const {
  return "https://localhost:" + std::to_string(port_);
}

void tls_server::wait_for_closed(int count) {
  std::unique_lock lock{mutex_};
  closed_changed_.wait(lock, [&] { return closed_ >= count; });
}

std::string tls_server::offered_protocols() const {
  std::lock_guard lock{mutex_};
  return offered_;
}

int tls_server::choose_protocol(SSL*, const unsigned char**, unsigned char*,
                                const unsigned char* in, unsigned int in_size,
                                void* self) {
  auto* server = static_cast<tls_server*>(self);
  std::lock_guard lock{server->mutex_};
  server->offered_.assign(reinterpret_cast<const char*>(in), in_size);
  return SSL_TLSEXT_ERR_NOACK;
}

void tls_server::accept_all() {
  for (;;) {
    auto socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0)
      return;
    int now = 1;
    setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &now, sizeof now);
    std::lock_guard lock{mutex_};
    if (stopping_)
      shutdown(socket, SHUT_RDWR);
    sockets_.push_back(socket);
    auto number = accepted_++;
    threads_.emplace_back([this, number, socket] { serve(number, socket); });
  }
}

void tls_server::serve(int number, int socket) {
  auto* tls = SSL_new(context_.get());
  SSL_set_fd(tls, socket);
  if (SSL_accept(tls) == 1) {
    tls_peer peer{number, socket, tls};
    what_(peer);
    SSL_shutdown(tls);
  }
  SSL_free(tls);
  std::lock_guard lock{mutex_};
  std::erase(sockets_, socket);
  close(socket);
  ++closed_;
  closed_changed_.notify_all();
}

std::string answer_of(std::string_view body, std::string_view head) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size())
         + "\r\n" + std::string{head} + "\r\n" + std::string{body};
}

} // namespace zhiku::test
