#include "sandbox/server.hpp"

#include "sandbox/route.hpp"
#include "sandbox/world.hpp"

#include <thread>

#include <httplib.h>

namespace zhiku::sandbox {

namespace {

constexpr const char* address = "127.0.0.1";
constexpr std::size_t calls_a_connection = 1'000'000;
constexpr int idle_seconds = 30;

} // namespace

struct server::parts {
  explicit parts(settings how) : state(std::move(how)) {
    http.new_task_queue = [threads = state.how.threads] {
      return new httplib::ThreadPool(threads);
    };
    http.set_tcp_nodelay(true);
    http.set_keep_alive_max_count(calls_a_connection);
    http.set_keep_alive_timeout(idle_seconds);
    add_platform_routes(http, state);
    add_sms_routes(http, state);
    add_control_routes(http, state);
    add_browser_routes(http, state);
  }

  bool bind() {
    port = state.how.port;
    if (port == 0)
      port = http.bind_to_any_port(address);
    else if (!http.bind_to_port(address, port))
      port = -1;
    state.base_url =
      "http://" + std::string{address} + ':' + std::to_string(port);
    return port > 0;
  }

  world state;
  httplib::Server http;
  int port = 0;
  std::thread listener;
};

std::optional<server> server::start(settings how) {
  auto made = std::make_unique<parts>(std::move(how));
  if (!made->bind())
    return std::nullopt;
  made->listener =
    std::thread{[&http = made->http] { http.listen_after_bind(); }};
  return server{std::move(made)};
}

server::server(std::unique_ptr<parts> made) : parts_(std::move(made)) {
  // nop
}

server::server(server&&) noexcept = default;
server& server::operator=(server&&) noexcept = default;

server::~server() {
  if (parts_ == nullptr)
    return;
  // A stop before the listener runs would be lost; it starts in microseconds.
  while (!parts_->http.is_running())
    std::this_thread::yield();
  parts_->state.closing.open();
  parts_->http.stop();
  parts_->listener.join();
}

int server::port() const {
  return parts_->port;
}

} // namespace zhiku::sandbox
