#include "sandbox/server.hpp"

#include "sandbox/engine.hpp"
#include "sandbox/route.hpp"
#include "sandbox/world.hpp"

namespace zhiku::sandbox {

struct server::parts {
  explicit parts(settings how)
      : state(std::move(how)), front(routes, state.how.threads) {
    add_platform_routes(routes, state);
    add_sms_routes(routes, state);
    add_control_routes(routes, state);
    add_browser_routes(routes, state);
  }

  ~parts() {
    state.closing.open();
  }

  bool start() {
    name(state.how.port);
    if (!front.start(state.how.port))
      return false;
    if (state.how.port == 0)
      name(front.port()); // which nobody knows yet
    return true;
  }

  void name(int port) {
    state.base_url = "http://127.0.0.1:" + std::to_string(port);
  }

  world state;
  router routes;
  engine front; ///< ends before what it serves
};

std::optional<server> server::start(settings how) {
  auto made = std::make_unique<parts>(std::move(how));
  if (!made->start())
    return std::nullopt;
  return server{std::move(made)};
}

server::server(std::unique_ptr<parts> made) : parts_(std::move(made)) {
  // nop
}

server::server(server&&) noexcept = default;
server& server::operator=(server&&) noexcept = default;
server::~server() = default;

int server::port() const {
  return parts_->front.port();
}

} // namespace zhiku::sandbox
