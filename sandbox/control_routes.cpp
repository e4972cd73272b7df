// The control API's operator: what the sandbox is told to do, and what it has
// seen.

#include "sandbox/control.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "sms/url.hpp"

#include <array>

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

// -- options ------------------------------------------------------------------

constexpr std::array<const char*, 3> refusal_names = {"stay", "state_only",
                                                      "authdeny"};

json options_of(const world& in) {
  const auto& from = in.chosen;
  return {
    {"bound", from.bound},
    {"allow_list", from.allow_list},
    {"oauth_domain", from.oauth_domain},
    {"on_refusal", refusal_names[static_cast<std::size_t>(from.on_refusal)]},
    {"user_page", from.user_page},
    {"sms_report_url", from.sms_report_url}};
}

oauth_refusal refusal_named(const std::string& name) {
  for (std::size_t i = 0; i < refusal_names.size(); ++i)
    if (name == refusal_names[i])
      return static_cast<oauth_refusal>(i);
  throw refusal{400, "on_refusal is stay, state_only or authdeny"};
}

json show_options(call& on) {
  return options_of(on.in);
}

/// Changes what is named, leaves the rest.
json change_options(call& on) {
  auto all = options_of(on.in);
  auto changed = object_in(on.request, 400);
  all.merge_patch(changed);
  on.in.chosen = {all.at("bound"),        all.at("allow_list"),
                  all.at("oauth_domain"), refusal_named(all.at("on_refusal")),
                  all.at("user_page"),    all.at("sms_report_url")};
  if (changed.contains("repeat_signatures"))
    on.in.outbox.repeat_signatures(changed.at("repeat_signatures"));
  if (changed.contains("empty_event_keys"))
    on.in.outbox.codec().write_empty_event_keys(changed.at("empty_event_keys"));
  return options_of(on.in);
}

// -- tokens, keys and quotas --------------------------------------------------

json revoke_token(call& on) {
  on.in.tokens.revoke_all();
  return done();
}

/// Another system with our secret takes a token: `{classic?, force?}`.
json take_token(call& on) {
  auto body =
    on.request.body.empty() ? json::object() : object_in(on.request, 400);
  if (body.value("classic", false))
    on.in.tokens.issue(on.now);
  else if (!on.in.tokens.stable(on.now, body.value("force", true)))
    throw refusal{409, "forced 20 times today"};
  return done();
}

json rotate_key(call& on) {
  auto body = object_in(on.request, 400);
  if (!on.in.outbox.codec().rotate_key(
        body.at("encoding_aes_key").get<std::string>(),
        body.value("old_pushes", 0)))
    throw refusal{400, "encoding_aes_key has 43 letters and digits"};
  return done();
}

json limit_quota(call& on) {
  auto body = object_in(on.request, 400);
  auto api = body.at("api").get<std::string>();
  auto usage = on.in.quotas.usage_of(api, on.now);
  on.in.quotas.limit(api, {body.value("daily", usage.allowed.daily),
                           body.value("minute", usage.allowed.minute)});
  return done();
}

json advance_clock(call& on) {
  auto body =
    on.request.body.empty() ? json::object() : object_in(on.request, 400);
  on.in.time.advance(std::chrono::seconds{body.value("advance_s", 0)});
  return {{"now", unix_seconds(on.in.time.now())}};
}

/// Saves the callback in the console, which asks it to echo a text. Without the
/// lock, since the callback may want something from us to answer.
void verify_callback(world& in, httplib::Response& response) {
  auto echo = to_hex(random_bytes(8));
  auto where = sms::split_url(in.how.callback);
  httplib::Client client{where.origin};
  client.set_read_timeout(in.how.push_patience);
  auto answer =
    client.Get(where.path + '?' + in.outbox.codec().verification(echo));
  auto verified = answer && answer->status == 200 && answer->body == echo;
  json told = {{"verified", verified}, {"status", answer ? answer->status : 0}};
  response.set_content(told.dump(), "application/json");
}

// -- faults and what is held back ---------------------------------------------

json add_fault(call& on) {
  on.in.faults.add(object_in(on.request, 400));
  return done();
}

json clear_faults(call& on) {
  on.in.faults.clear();
  return done();
}

json release_pushes(call& on) {
  on.in.release_pushes();
  return done();
}

json release_reports(call& on) {
  auto body =
    on.request.body.empty() ? json::object() : object_in(on.request, 400);
  on.in.release_sms_reports(body.value("together", false));
  return done();
}

// -- templates ----------------------------------------------------------------

json define_template(call& on) {
  on.in.templates.define(object_in(on.request, 400));
  return done();
}

json stock_template(call& on) {
  on.in.templates.stock(object_in(on.request, 400));
  return done();
}

json define_sms_template(call& on) {
  auto body = object_in(on.request, 400);
  on.in.sms.define(body.at("template_id").get<std::string>(),
                   body.at("text").get<std::string>());
  return done();
}

// -- what the sandbox has seen ------------------------------------------------

json count_calls(call& on) {
  auto made = on.in.tokens.made();
  return {{"calls", on.in.calls},
          {"most_calls_at_once", on.in.under_way.most()},
          {"pushes_pending", on.in.outbox.pending()},
          {"pushes_held", on.in.held_pushes.size()},
          {"reports_pending", on.in.reports.pending()},
          {"reports_held", on.in.held_reports.size()},
          {"tokens_made",
           {{"classic", made.classic},
            {"stable", made.stable},
            {"forced", made.forced}}}};
}

json list_template_messages(call& on) {
  return {{"messages", on.in.templates.accepted()}};
}

json list_sms(call& on) {
  return {{"messages", on.in.sms.sent_to(on.parameter("phone"))}};
}

json show_menu(call& on) {
  return {{"menu", on.in.menu}};
}

} // namespace

json done() {
  return {{"ok", true}};
}

void add_control_routes(router& routes, world& in) {
  auto controlled = [&in](control_function handler) {
    return controlled_by(in, handler);
  };
  add_follower_routes(routes, in);
  routes.get("/control/options", controlled(show_options));
  routes.put("/control/options", controlled(change_options));
  routes.post("/control/revoke-token", controlled(revoke_token));
  routes.post("/control/take-token", controlled(take_token));
  routes.post("/control/rotate-key", controlled(rotate_key));
  routes.post("/control/verify-callback",
              [&in](const httplib::Request&, httplib::Response& response) {
                verify_callback(in, response);
              });
  routes.post("/control/quotas", controlled(limit_quota));
  routes.post("/control/clock", controlled(advance_clock));
  routes.post("/control/faults", controlled(add_fault));
  routes.remove("/control/faults", controlled(clear_faults));
  routes.post("/control/pushes/release", controlled(release_pushes));
  routes.post("/control/sms-reports/release", controlled(release_reports));
  routes.post("/control/templates", controlled(define_template));
  routes.post("/control/template-library", controlled(stock_template));
  routes.post("/control/sms-templates", controlled(define_sms_template));
  routes.get("/control/calls", controlled(count_calls));
  routes.get("/control/template-messages", controlled(list_template_messages));
  routes.get("/control/sms", controlled(list_sms));
  routes.get("/control/menu", controlled(show_menu));
}

} // namespace zhiku::sandbox
