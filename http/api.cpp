#include "http/api.hpp"

#include "http/api/routes.hpp"
#include "http/front_door.hpp"
#include "http/problem.hpp"
#include "http/security_headers.hpp"

namespace zhiku::http {

namespace {

/// What lives as long as the handler. The order matters: the door's routes
/// refer to the services.
struct api {
  explicit api(api_dependencies with)
      : shared(std::move(with)),
        door(all_routes(shared), shared.sessions, shared.with.settings,
             shared.with.registry) {
    // nop
  }

  services shared;
  front_door door;
};

domain::errc errc_of_status(int status) {
  switch (status) {
  case 413:
  case 431:
    return domain::errc::too_large;
  case 503:
    return domain::errc::busy;
  case 500:
    return domain::errc::internal;
  default:
    return domain::errc::invalid_input;
  }
}

} // namespace

handler make_api(api_dependencies with) {
  auto state = std::make_shared<api>(std::move(with));
  return [state](request asked, responder out) {
    // Answers come from threads that may outlast the handler.
    responder kept{
      [state, out](response answer) { out.complete(std::move(answer)); }};
    state->door.handle(std::move(asked), std::move(kept));
  };
}

std::function<response(int)> error_renderer(bool secure) {
  return [secure](int status) {
    auto answer = problem_as(status, {errc_of_status(status), {}, {}}, "");
    add_security_headers(answer, secure);
    return answer;
  };
}

} // namespace zhiku::http
