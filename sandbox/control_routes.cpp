#include "sandbox/route.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

using httplib::Request;

constexpr const char* done = R"({"ok":true})";

json summary_of(const follower& who) {
  return {{"openid", who.openid},
          {"nickname", who.nickname},
          {"subscribed", who.subscribed}};
}

follower& follower_in(world& in, const Request& request) {
  auto* who = in.followers.find(request.matches[1]);
  if (who == nullptr)
    throw refusal{404, "no such follower"};
  return *who;
}

json body_or_empty(const Request& request) {
  return request.body.empty() ? json::object() : object_in(request, 400);
}

json add_follower(world& in, const Request& request) {
  auto body = object_in(request, 400);
  auto& who = in.followers.add(body.value("nickname", std::string{"微信用户"}),
                               body.value("openid", std::string{}));
  if (!who.subscribed && body.value("subscribe", true))
    in.subscribe(who, nullptr, {});
  return summary_of(who);
}

json list_followers(world& in, const Request&) {
  json out = json::array();
  for (const auto* who : in.followers.all())
    out.push_back(summary_of(*who));
  return {{"followers", out}};
}

json list_chat(world& in, const Request& request) {
  auto& who = follower_in(in, request);
  auto all = request.has_param("all");
  json out = json::array();
  for (const auto& line : who.chat)
    if (all || line.at("kind") == "template" || line.at("kind") == "reply")
      out.push_back(line);
  return {{"messages", out}};
}

// -- what a follower does
// -------------------------------------------------------

json unsubscribe(world& in, const Request& request) {
  auto& who = follower_in(in, request);
  who.subscribed = false;
  in.deliver("push", in.push_of(who.openid, "unsubscribe"));
  return summary_of(who);
}

json subscribe(world& in, const Request& request) {
  auto& who = follower_in(in, request);
  in.subscribe(who, nullptr, {});
  return summary_of(who);
}

json click(world& in, const Request& request) {
  auto& who = follower_in(in, request);
  auto what = in.push_of(who.openid, "CLICK");
  what.event_key = object_in(request, 400).at("key").get<std::string>();
  in.deliver("push", std::move(what));
  return json::parse(done);
}

/// The live QR code named by scene, by ticket, or by the address it shows.
std::map<std::string, qr_scene>::const_iterator
qr_code_of(const world& in, const std::string& key) {
  auto tail = key.substr(key.rfind('/') + 1);
  for (auto it = in.qr_codes.begin(); it != in.qr_codes.end(); ++it) {
    auto named = it->first == tail || it->second.scene == key;
    if (named && in.time.now() < it->second.expires_at)
      return it;
  }
  throw refusal{404, "no such QR code, or it has expired"};
}

json scan(world& in, const Request& request) {
  auto& who = follower_in(in, request);
  auto code =
    qr_code_of(in, object_in(request, 400).at("key").get<std::string>());
  if (!who.subscribed) {
    in.subscribe(who, &code->second, code->first);
  } else {
    auto what = in.push_of(who.openid, "SCAN");
    what.event_key = code->second.scene;
    what.ticket = code->first;
    in.deliver("push", std::move(what));
  }
  return summary_of(who);
}

json say(world& in, const Request& request) {
  auto& who = follower_in(in, request);
  auto body = object_in(request, 400);
  auto what = in.push_of(who.openid, {});
  what.msg_type = "text";
  what.content = body.value("content", body.value("key", std::string{}));
  what.msg_id =
    std::to_string(std::chrono::system_clock::now().time_since_epoch().count());
  note(who, in.time.now(), {{"kind", "sent"}, {"text", what.content}});
  in.deliver("push", std::move(what));
  return json::parse(done);
}

// -- what the operator of the sandbox does
// --------------------------------------

json list_sms(world& in, const Request& request) {
  return {{"messages", in.sms.sent_to(request.get_param_value("phone"))}};
}

json add_fault(world& in, const Request& request) {
  in.faults.add(object_in(request, 400));
  return json::parse(done);
}

json clear_faults(world& in, const Request&) {
  in.faults.clear();
  return json::parse(done);
}

json revoke_token(world& in, const Request&) {
  in.tokens.revoke_all();
  return json::parse(done);
}

json define_template(world& in, const Request& request) {
  in.templates.define(object_in(request, 400));
  return json::parse(done);
}

json define_sms_template(world& in, const Request& request) {
  auto body = object_in(request, 400);
  in.sms.define(body.at("template_id").get<std::string>(),
                body.at("text").get<std::string>());
  return json::parse(done);
}

json advance_clock(world& in, const Request& request) {
  auto seconds = body_or_empty(request).value("advance_s", 0);
  in.time.advance(std::chrono::seconds{seconds});
  return {{"now", unix_seconds(in.time.now())}};
}

json count_calls(world& in, const Request&) {
  return {{"calls", in.calls}, {"pushes_pending", in.outbox.pending()}};
}

json show_menu(world& in, const Request&) {
  return {{"menu", in.menu}};
}

} // namespace

void add_control_routes(httplib::Server& server, world& in) {
  using plain = json (*)(world&, const Request&);
  auto controlled = [&in](plain handler) {
    return controlled_by(in,
                         [&in, handler](const Request& request, const fault&) {
                           return handler(in, request);
                         });
  };
  const std::string one = "/control/followers/([A-Za-z0-9_-]+)";
  server.Post("/control/followers", controlled(add_follower));
  server.Get("/control/followers", controlled(list_followers));
  server.Get(one + "/messages", controlled(list_chat));
  server.Post(one + "/subscribe", controlled(subscribe));
  server.Post(one + "/unsubscribe", controlled(unsubscribe));
  server.Post(one + "/click", controlled(click));
  server.Post(one + "/scan", controlled(scan));
  server.Post(one + "/text", controlled(say));
  server.Get("/control/sms", controlled(list_sms));
  server.Post("/control/sms-templates", controlled(define_sms_template));
  server.Post("/control/templates", controlled(define_template));
  server.Post("/control/faults", controlled(add_fault));
  server.Delete("/control/faults", controlled(clear_faults));
  server.Post("/control/revoke-token", controlled(revoke_token));
  server.Post("/control/clock", controlled(advance_clock));
  server.Get("/control/calls", controlled(count_calls));
  server.Get("/control/menu", controlled(show_menu));
}

} // namespace zhiku::sandbox
