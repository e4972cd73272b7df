#include "sandbox/platform.hpp"

#include "base/random.hpp"

#include <algorithm>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::chrono::hours ticket_lifetime{2};

json to_json(const token_desk::grant& grant) {
  return {{"access_token", grant.token},
          {"expires_in", grant.expires_in.count()}};
}

/// 40164 names the address, for operators to copy.
void check_address(const call& on) {
  const auto& list = on.in.chosen.allow_list;
  const auto& address = on.request.remote_addr;
  if (!list.empty()
      && std::find(list.begin(), list.end(), address) == list.end())
    throw refusal{40164, "invalid ip " + address + " ipv6 ::ffff:" + address
                           + ", not in whitelist"};
}

void check_client(const call& on, const std::string& grant_type,
                  const std::string& app_id, const std::string& secret) {
  if (grant_type != "client_credential")
    throw refusal{40002};
  check_application(on.in, app_id, secret);
  check_address(on);
}

json token(call& on) {
  check_client(on, on.parameter("grant_type"), on.parameter("appid"),
               on.parameter("secret"));
  return to_json(on.in.tokens.issue(on.now));
}

json stable_token(call& on) {
  check_client(on, on.text("grant_type"), on.text("appid"), on.text("secret"));
  auto grant =
    on.in.tokens.stable(on.now, on.body.value("force_refresh", false));
  if (!grant)
    throw refusal{45009};
  return to_json(*grant);
}

json ticket(call& on) {
  auto type = on.parameter("type");
  if (type != "jsapi" && type != "wx_card")
    throw refusal{40097};
  auto& of = on.in.tickets[type];
  if (on.now >= of.end)
    of = {new_token() + new_token(), on.now + ticket_lifetime};
  auto left = std::chrono::floor<std::chrono::seconds>(of.end - on.now);
  auto out = ok();
  out["ticket"] = of.ticket;
  out["expires_in"] = left.count();
  return out;
}

} // namespace

std::vector<endpoint> token_endpoints() {
  return {
    {"/cgi-bin/token", "token", method::get, access::open, token},
    {"/cgi-bin/stable_token", "stable_token", method::post_json, access::open,
     stable_token},
    {"/cgi-bin/ticket/getticket", "ticket", method::get, access::with_token,
     ticket},
  };
}

} // namespace zhiku::sandbox
