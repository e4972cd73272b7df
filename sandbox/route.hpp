#pragma once
// How every API of the sandbox is served: counted, faulted as ordered, under
// the world's lock, and answered in JSON.

#include "sandbox/world.hpp"

#include <functional>
#include <stdexcept>
#include <string>

#include <httplib.h>
#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// What a handler says no with.
struct refusal : std::runtime_error {
  refusal(int code, const std::string& message)
      : std::runtime_error(message), errcode(code) {
    // nop
  }

  int errcode; ///< of the platform; an HTTP status for the control API
};

using answer_function =
  std::function<nlohmann::json(const httplib::Request&, const fault&)>;

/// A handler of the platform's: `{errcode, errmsg}` for refusals.
httplib::Server::Handler served_by(world& in, std::string api,
                                   answer_function answer);

/// A handler of our own control API: problems by HTTP status.
httplib::Server::Handler controlled_by(world& in, answer_function answer);

/// The body as a JSON object. Throws `refusal(errcode)` when it is not one.
nlohmann::json object_in(const httplib::Request& request, int errcode);

void add_platform_routes(httplib::Server& server, world& in);
void add_sms_routes(httplib::Server& server, world& in);
void add_control_routes(httplib::Server& server, world& in);

} // namespace zhiku::sandbox
