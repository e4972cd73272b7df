#pragma once
// The table of routes: one row is all there is to know of an operation, for
// the router, the checks before the handler, and `/openapi.json`.

#include "http/call.hpp"

#include <functional>

namespace zhiku::http {

/// Who may call.
struct access {
  enum class level : std::uint8_t {
    anyone,   ///< no login is looked at
    internal, ///< those who run the site; for all others there is nothing
    platform, ///< WeChat itself; the handler verifies its signature
    login,    ///< any login
    guest,    ///< a person's login, identified or not yet
    person,   ///< an identified person's login
    staff     ///< a staff login with one of `roles`
  };
  level who = level::anyone;
  std::vector<std::string> roles = {};

  /// errc::none, not_authenticated or forbidden.
  domain::errc admit(const std::optional<session>& login) const;

  bool needs_login() const {
    return who != level::anyone && who != level::internal
           && who != level::platform;
  }
};

inline access anyone() {
  return {};
}
inline access internal() {
  return {access::level::internal};
}
inline access platform() {
  return {access::level::platform};
}
inline access any_session() {
  return {access::level::login};
}
inline access guest() {
  return {access::level::guest};
}
inline access person() {
  return {access::level::person};
}
access staff(std::vector<std::string> roles);

struct query_field {
  std::string name;
  domain::json schema;
  bool required = false;
};

struct route {
  std::string method;
  std::string pattern; ///< "/api/v1/drafts/{id}"; a last "{path...}" takes all
  std::string id;      ///< OpenAPI operationId, unique
  std::string summary; ///< Chinese, one line
  access who;
  std::function<void(const call_ptr&)> handle;

  domain::json body = nullptr;  ///< schema of the request body; null: none
  domain::json reply = nullptr; ///< schema of the answer; null: no JSON
  std::vector<query_field> query = {};
  int status = 200;              ///< of success
  bool body_is_foreign = false;  ///< not JSON; the handler reads it itself
  bool query_is_foreign = false; ///< made elsewhere; the handler checks it
  bool is_page = false; ///< shown to people: without a login it leads to one
  /// The login goes on under a new token: a repeat with the old one reaches the
  /// handler, which finds `login->revoked` and may only answer again.
  bool renews_session = false;
  std::vector<domain::errc> also = {}; ///< refusals that the rest does not tell
};

using route_table = std::vector<route>;

/// The schema of path parameters of that name, wherever they occur.
domain::json path_parameter_schema(std::string_view name);

} // namespace zhiku::http
