#include "sandbox/platform.hpp"

#include <unordered_map>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

using httplib::Request;
using httplib::Response;

std::unordered_map<std::string, endpoint> all_endpoints() {
  std::unordered_map<std::string, endpoint> out;
  for (const auto& of_one_subject :
       {token_endpoints(), oauth_endpoints(), message_endpoints(),
        template_endpoints(), menu_endpoints(), qr_endpoints(),
        user_endpoints(), media_endpoints(), quota_endpoints()})
    for (const auto& each : of_one_subject)
      out.emplace(each.path, each);
  return out;
}

void check_token(const call& on) {
  if (!on.request.has_param("access_token"))
    throw refusal{41001};
  switch (on.in.tokens.check(on.parameter("access_token"), on.now)) {
  case token_desk::standing::good:
    return;
  case token_desk::standing::expired:
    throw refusal{42001};
  case token_desk::standing::unknown:
    throw refusal{40001};
  }
}

void check_method(const call& on, method wanted) {
  auto is_get = on.request.method == "GET";
  if (wanted == method::get && !is_get)
    throw refusal{43001};
  if (wanted != method::get && is_get)
    throw refusal{43002};
}

json body_of(const call& on) {
  if (on.request.body.empty())
    throw refusal{44002};
  return object_in(on.request, 47001);
}

/// What every API does before its own work.
json answer_behind_gate(call& on, const endpoint& of) {
  if (of.needs == access::with_token)
    check_token(on);
  check_method(on, of.by);
  if (auto errcode = on.in.quotas.admit(of.api, on.now); errcode != 0)
    throw refusal{errcode};
  if (of.by == method::post_json)
    on.body = body_of(on);
  return of.answer(on);
}

/// The web authorisation calls its JSON plain text.
const char* content_type_at(const std::string& path) {
  return path.starts_with("/sns/") ? "text/plain"
                                   : "application/json; encoding=utf-8";
}

json no_such_api(call&) {
  throw refusal{40066};
}

using handlers = std::unordered_map<std::string, router::handler>;

handlers handlers_by_path(world& in) {
  handlers out;
  for (const auto& [path, of] : all_endpoints())
    out.emplace(path, served_by(in, of.api, [of = of](call& on) {
                  on.content_type = content_type_at(of.path);
                  return answer_behind_gate(on, of);
                }));
  return out;
}

} // namespace

const endpoint* endpoint_at(const std::string& path) {
  static const auto all = all_endpoints();
  auto found = all.find(path);
  return found == all.end() ? nullptr : &found->second;
}

void check_application(const world& in, const std::string& app_id,
                       const std::string& secret) {
  if (app_id.empty())
    throw refusal{41002};
  if (secret.empty())
    throw refusal{41004};
  if (app_id != in.how.app_id)
    throw refusal{40013};
  if (secret != in.how.app_secret)
    throw refusal{40125};
}

void add_platform_routes(router& routes, world& in) {
  auto dispatch = [by_path = handlers_by_path(in),
                   otherwise = served_by(in, "unknown", no_such_api)](
                    const Request& request, Response& response) {
    auto found = by_path.find(request.path);
    (found == by_path.end() ? otherwise : found->second)(request, response);
  };
  const char* ours = "/(?:cgi-bin|sns)/.*";
  routes.get(ours, dispatch);
  routes.post(ours, dispatch);
}

} // namespace zhiku::sandbox
