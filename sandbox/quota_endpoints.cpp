#include "sandbox/platform.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr int seconds_a_minute = 60;

json callback_addresses(call&) {
  return {{"ip_list", {"127.0.0.1", "101.226.103.0/25"}}};
}

json api_addresses(call&) {
  return {{"ip_list", {"127.0.0.1", "106.55.206.146"}}};
}

json check_callback(call& on) {
  auto action = on.text("action");
  if (action != "all" && action != "dns" && action != "ping")
    throw refusal{40097};
  auto line = on.text("check_operator");
  json out = json::object();
  if (action != "ping")
    out["dns"] = {{{"ip", "127.0.0.1"}, {"real_operator", line}}};
  if (action != "dns")
    out["ping"] = {{{"ip", "127.0.0.1"},
                    {"from_operator", line},
                    {"package_loss", "0%"},
                    {"time", "1.000ms"}}};
  return out;
}

json clear(call& on) {
  if (!on.in.quotas.clear(on.now))
    throw refusal{48006};
  return ok();
}

json clear_with_token(call& on) {
  if (on.text("appid") != on.in.how.app_id)
    throw refusal{40013};
  return clear(on);
}

/// Without a token. Takes JSON, a form or a query.
json clear_with_secret(call& on) {
  auto body = json::parse(on.request.body, nullptr, false);
  auto given = [&](const char* name) {
    return body.is_object() ? body.value(name, std::string{})
                            : on.parameter(name);
  };
  check_application(on.in, given("appid"), given("appsecret"));
  return clear(on);
}

json quota(call& on) {
  const auto* of = endpoint_at(on.text("cgi_path"));
  if (of == nullptr)
    throw refusal{76021};
  auto usage = on.in.quotas.usage_of(of->api, on.now);
  auto out = ok();
  out["quota"] = {{"daily_limit", usage.allowed.daily},
                  {"used", usage.today},
                  {"remain", usage.allowed.daily - usage.today}};
  if (usage.allowed.minute != 0)
    out["rate_limit"] = {{"call_count", usage.allowed.minute},
                         {"refresh_second", seconds_a_minute}};
  return out;
}

json explain(call& on) {
  auto found = on.in.requests_by_rid.find(on.text("rid"));
  if (found == on.in.requests_by_rid.end())
    throw refusal{76001};
  auto out = ok();
  out["request"] = found->second;
  return out;
}

} // namespace

std::vector<endpoint> quota_endpoints() {
  return {
    {"/cgi-bin/getcallbackip", "callback_ip", method::get, access::with_token,
     callback_addresses},
    {"/cgi-bin/get_api_domain_ip", "api_ip", method::get, access::with_token,
     api_addresses},
    {"/cgi-bin/callback/check", "callback_check", method::post_json,
     access::with_token, check_callback},
    {"/cgi-bin/clear_quota", "clear_quota", method::post_json,
     access::with_token, clear_with_token},
    {"/cgi-bin/clear_quota/v2", "clear_quota_v2", method::post_form,
     access::open, clear_with_secret},
    {"/cgi-bin/openapi/quota/get", "quota_get", method::post_json,
     access::with_token, quota},
    {"/cgi-bin/openapi/rid/get", "rid_get", method::post_json,
     access::with_token, explain},
  };
}

} // namespace zhiku::sandbox
