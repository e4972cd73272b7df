#pragma once
// How every API of the sandbox is served: counted, faulted as ordered, under
// the world's lock, and answered in JSON.

#include "sandbox/router.hpp"
#include "sandbox/world.hpp"

#include <functional>
#include <stdexcept>
#include <string>

#include <httplib.h>
#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// What a handler says no with.
struct refusal : std::runtime_error {
  /// With the platform's own words.
  explicit refusal(int code);

  refusal(int code, const std::string& message)
      : std::runtime_error(message), errcode(code) {
    // nop
  }

  int errcode; ///< of the platform; an HTTP status for the control API
};

/// One call being served, under the world's lock.
struct call {
  world& in;
  const httplib::Request& request;
  httplib::Response& response; ///< handlers of pictures and pages fill it
  const fault& wrong;
  instant now;
  nlohmann::json body = nlohmann::json::object(); ///< of a POST of JSON
  const char* content_type = "application/json; charset=utf-8";
  world::wait before_answer = {}; ///< run without the lock

  /// Empty when absent.
  std::string parameter(const char* name) const {
    return request.get_param_value(name);
  }

  /// A text of the body; empty when absent.
  std::string text(const char* name) const {
    return body.value(name, std::string{});
  }
};

/// Answers in JSON, unless the handler has filled the response.
using answer_function = std::function<nlohmann::json(call&)>;

/// A handler of the platform's: `{errcode, errmsg}` for refusals.
router::handler served_by(world& in, std::string api, answer_function answer);

/// A handler of our own control API: problems by HTTP status.
router::handler controlled_by(world& in, answer_function answer);

/// The body as a JSON object. Throws `refusal(errcode)` when it is not one.
nlohmann::json object_in(const httplib::Request& request, int errcode);

/// `{"errcode":0,"errmsg":"ok"}`.
nlohmann::json ok();

void add_platform_routes(router& routes, world& in);
void add_browser_routes(router& routes, world& in);
void add_sms_routes(router& routes, world& in);
void add_control_routes(router& routes, world& in);

} // namespace zhiku::sandbox
