// The control API's followers: who they are, and what they do with their
// phones.

#include "sandbox/control.hpp"

#include <algorithm>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::string_view login_mark = "/connect/confirm?uuid=";

json summary_of(const world& in, const follower& who) {
  json out = {{"openid", who.openid},
              {"nickname", who.nickname},
              {"subscribed", who.subscribed},
              {"web_openid", openid_at(in.how.web_app_id, who.openid)}};
  if (in.chosen.bound)
    out["unionid"] = unionid_of(who.openid);
  return out;
}

follower& follower_in(const call& on) {
  auto* who = on.in.followers.find(on.request.matches[1]);
  if (who == nullptr)
    throw refusal{404, "no such follower"};
  return *who;
}

/// Pushes what the follower did; it counts as contact.
void push_contact(call& on, follower& who, wechat::push what) {
  who.contact_at = on.now;
  on.in.deliver("push", std::move(what));
}

std::string new_msg_id() {
  return std::to_string(
    std::chrono::system_clock::now().time_since_epoch().count());
}

// -- people -------------------------------------------------------------------

json add(call& on) {
  auto body = object_in(on.request, 400);
  auto& who =
    on.in.followers.add(body.value("nickname", std::string{"微信用户"}),
                        body.value("openid", std::string{}));
  if (!who.subscribed && body.value("subscribe", true))
    on.in.subscribe(who, nullptr);
  return summary_of(on.in, who);
}

json list(call& on) {
  json out = json::array();
  for (const auto* who : on.in.followers.all())
    out.push_back(summary_of(on.in, *who));
  return {{"followers", out}};
}

bool is_received(const json& line) {
  const auto& kind = line.at("kind");
  return kind == "template" || kind == "notice" || kind == "reply";
}

json chat(call& on) {
  auto all = on.request.has_param("all");
  json out = json::array();
  for (const auto& line : follower_in(on).chat)
    if (all || is_received(line))
      out.push_back(line);
  return {{"messages", out}};
}

// -- following ----------------------------------------------------------------

json subscribe(call& on) {
  auto& who = follower_in(on);
  on.in.subscribe(who, nullptr);
  return summary_of(on.in, who);
}

json unsubscribe(call& on) {
  auto& who = follower_in(on);
  who.subscribed = false;
  on.in.deliver("push", on.in.push_of(who.openid, "unsubscribe"));
  return summary_of(on.in, who);
}

json change_password(call& on) {
  on.in.oauth.password_changed(follower_in(on).openid);
  return done();
}

// -- the menu and messages ----------------------------------------------------

json click(call& on) {
  auto& who = follower_in(on);
  auto what = on.in.push_of(who.openid, "CLICK");
  what.event_key = object_in(on.request, 400).at("key").get<std::string>();
  push_contact(on, who, std::move(what));
  return done();
}

json view(call& on) {
  auto& who = follower_in(on);
  auto what = on.in.push_of(who.openid, "VIEW");
  what.event_key = object_in(on.request, 400).at("url").get<std::string>();
  what.other.emplace("MenuId", "1");
  push_contact(on, who, std::move(what));
  return done();
}

/// Any event, with elements by path: `{event, event_key?, other?}`.
json any_event(call& on) {
  auto& who = follower_in(on);
  auto body = object_in(on.request, 400);
  auto what = on.in.push_of(who.openid, body.at("event").get<std::string>());
  what.event_key = body.value("event_key", std::string{});
  what.other = body.value("other", std::map<std::string, std::string>{});
  push_contact(on, who, std::move(what));
  return done();
}

json say(call& on) {
  auto& who = follower_in(on);
  auto body = object_in(on.request, 400);
  auto what = on.in.push_of(who.openid, {});
  what.msg_type = "text";
  what.content = body.value("content", body.value("key", std::string{}));
  what.msg_id = new_msg_id();
  note(who, on.now, {{"kind", "sent"}, {"text", what.content}});
  push_contact(on, who, std::move(what));
  return done();
}

/// The bytes of the body become media; its id, or 400.
std::string media_of(const call& on) {
  auto added =
    on.in.media.add({"image", on.request.get_header_value("Content-Type"),
                     on.request.body, on.now});
  if (auto* errcode = std::get_if<int>(&added))
    throw refusal{400, "errcode " + std::to_string(*errcode)};
  return std::get<std::string>(added);
}

json send_image(call& on) {
  auto& who = follower_in(on);
  auto media_id = media_of(on);
  auto what = on.in.push_of(who.openid, {});
  what.msg_type = "image";
  what.msg_id = new_msg_id();
  what.other = {{"MediaId", media_id},
                {"PicUrl", on.in.url("/mmopen/" + who.openid + "/0")}};
  note(who, on.now, {{"kind", "sent"}, {"text", "[图片]"}});
  push_contact(on, who, std::move(what));
  return {{"media_id", media_id}};
}

/// What `wx.uploadImage` does: the person's picture gets a server id.
json upload_image(call& on) {
  return {{"media_id", media_of(on)}};
}

// -- QR codes -----------------------------------------------------------------

/// The live QR code named by scene, by ticket, or by the address it shows.
const qr_desk::code& code_of(const call& on, const std::string& key) {
  const auto* found =
    on.in.qr_codes.by_ticket(key.substr(key.rfind('/') + 1), on.now);
  if (found == nullptr)
    found = on.in.qr_codes.by_scene(key, on.now);
  if (found == nullptr)
    throw refusal{404, "no such QR code, or it has expired"};
  return *found;
}

/// A website's login opens a page; a code with a scene raises an event.
json scan(call& on) {
  auto& who = follower_in(on);
  auto key = object_in(on.request, 400).at("key").get<std::string>();
  auto out = summary_of(on.in, who);
  if (auto at = key.find(login_mark); at != std::string::npos) {
    auto id = key.substr(at + login_mark.size());
    if (on.in.logins.find(id, on.now) == nullptr)
      throw refusal{404, "no such QR code, or it has expired"};
    out["open"] = on.in.url(std::string{login_mark} + id);
    return out;
  }
  const auto& code = code_of(on, key);
  if (!who.subscribed) {
    on.in.subscribe(who, &code);
  } else {
    auto what = on.in.push_of(who.openid, "SCAN");
    what.event_key = code.scene;
    what.ticket = code.ticket;
    push_contact(on, who, std::move(what));
  }
  return summary_of(on.in, who);
}

json live_codes(call& on) {
  json out = json::array();
  for (const auto& each : on.in.qr_codes.live(on.now))
    out.push_back({{"scene", each.scene},
                   {"ticket", each.ticket},
                   {"url", on.in.url("/q/" + each.ticket)},
                   {"expires_in", each.expires_at
                                    ? std::chrono::floor<std::chrono::seconds>(
                                        *each.expires_at - on.now)
                                        .count()
                                    : 0}});
  for (const auto& [id, each] : on.in.logins.waiting(on.now))
    out.push_back({{"scene", "网站应用登录"},
                   {"url", on.in.url(std::string{login_mark} + id)},
                   {"expires_in", std::chrono::floor<std::chrono::seconds>(
                                    each.expires_at - on.now)
                                    .count()}});
  return {{"qr_codes", out}};
}

// -- consents to subscription notices -----------------------------------------

/// An event about one template. @param wrapper  the element around the list
void push_consent(call& on, follower& who, const char* event,
                  const std::string& wrapper, const std::string& template_id,
                  bool accepted) {
  auto what = on.in.push_of(who.openid, event);
  auto item = wrapper + "/List/";
  what.other = {
    {item + "TemplateId", template_id},
    {item + "SubscribeStatusString", accepted ? "accept" : "reject"}};
  if (wrapper == "SubscribeMsgPopupEvent")
    what.other.emplace(item + "PopupScene", "1");
  on.in.deliver("push", std::move(what));
}

/// The person answers a request for consent: `{template_id, accept?,
/// lasting?}`.
json consent(call& on) {
  auto& who = follower_in(on);
  auto body = object_in(on.request, 400);
  auto template_id = body.at("template_id").get<std::string>();
  auto accepted = body.value("accept", true);
  if (accepted)
    on.in.consents.accept(who.openid, template_id,
                          body.value("lasting", false));
  push_consent(on, who, "subscribe_msg_popup_event", "SubscribeMsgPopupEvent",
               template_id, accepted);
  return done();
}

json withdraw_consent(call& on) {
  auto& who = follower_in(on);
  auto template_id =
    object_in(on.request, 400).at("template_id").get<std::string>();
  on.in.consents.withdraw(who.openid, template_id);
  push_consent(on, who, "subscribe_msg_change_event", "SubscribeMsgChangeEvent",
               template_id, false);
  return done();
}

} // namespace

void add_follower_routes(router& routes, world& in) {
  auto controlled = [&in](control_function handler) {
    return controlled_by(in, handler);
  };
  const std::string one = "/control/followers/([A-Za-z0-9_-]+)";
  routes.post("/control/followers", controlled(add));
  routes.get("/control/followers", controlled(list));
  routes.get(one + "/messages", controlled(chat));
  routes.post(one + "/subscribe", controlled(subscribe));
  routes.post(one + "/unsubscribe", controlled(unsubscribe));
  routes.post(one + "/password", controlled(change_password));
  routes.post(one + "/click", controlled(click));
  routes.post(one + "/view", controlled(view));
  routes.post(one + "/event", controlled(any_event));
  routes.post(one + "/text", controlled(say));
  routes.post(one + "/image", controlled(send_image));
  routes.post(one + "/scan", controlled(scan));
  routes.post(one + "/consent", controlled(consent));
  routes.post(one + "/withdraw-consent", controlled(withdraw_consent));
  routes.post("/control/media", controlled(upload_image));
  routes.get("/control/qr-codes", controlled(live_codes));
}

} // namespace zhiku::sandbox
