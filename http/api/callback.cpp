// What the platform pushes (PROTOCOL 1): what changes something or is answered
// as things stand is kept before it is answered, once, however often it comes.

#include "base/log.hpp"
#include "http/api/push_desk.hpp"
#include "http/api/routes.hpp"
#include "http/log_limiter.hpp"
#include "wechat/push_kind.hpp"

namespace zhiku::http {

namespace {

wechat::callback::query query_of(const request& asked) {
  return {asked.query.begin(), asked.query.end()};
}

void refuse(const call_ptr& asked) {
  asked->answer(response::text(403, "forbidden"));
}

/// Not `success` for what we cannot read: facts would vanish in silence (W9).
void refuse_push(services& s, log_limiter& logs, const call_ptr& asked,
                 wechat::push_refusal why) {
  s.counters.refused_push(why);
  auto may_log = logs.admits(s.now());
  if (why != wechat::push_refusal::not_xml) {
    if (may_log)
      log::warn("callback refuses pushes",
                {{"request", asked->asked.id}, {"reason", name_of(why)}});
    return refuse(asked);
  }
  if (may_log)
    log::error("the platform pushes JSON: set the data format of the message "
               "server to XML in the account's console",
               {{"request", asked->asked.id}});
  asked->answer(response::text(415, "the data format must be XML"));
}

void verify(services& s, const call_ptr& asked) {
  auto echo = s.with.callback.verify_get(query_of(asked->asked));
  if (!echo) {
    log::warn("callback refuses verification", {{"request", asked->asked.id}});
    return refuse(asked);
  }
  asked->answer(response::text(200, *echo));
}

void say_success(const call_ptr& asked) {
  asked->answer(response::text(200, "success"));
}

/// A question is given up after a while: `success` tells the platform not to
/// ask again. A fact is not acknowledged before it is kept; when that takes
/// too long, the platform cuts the connection and brings it again.
void receive(services& s, push_desk& desk, log_limiter& logs,
             const call_ptr& asked) {
  auto genuine = s.with.callback.verify_post(query_of(asked->asked),
                                             asked->asked.body, s.now());
  if (!genuine)
    return refuse_push(s, logs, asked, genuine.error());
  if (!s.push_sources.admits(asked->asked.remote_address, s.now()))
    return refuse(asked);
  if (wechat::kind_of(genuine->what) == wechat::push_kind::unknown)
    s.counters.unknown_push(genuine->what);
  auto wants = meaning_of(genuine->what);
  if (is_question(wants))
    s.deadlines.after(s.with.settings.push_patience,
                      [asker = std::weak_ptr{asked}] {
                        if (auto waits = asker.lock())
                          say_success(waits);
                      });
  desk.take({asked, *genuine, wants});
}

} // namespace

route_table callback_routes(services& s) {
  route push{"POST",
             "/wechat/callback",
             "receivePush",
             "平台推送",
             platform(),
             [&s, desk = std::make_shared<push_desk>(s),
              logs = std::make_shared<log_limiter>()](const call_ptr& asked) {
               receive(s, *desk, *logs, asked);
             }};
  push.body_is_foreign = true;
  return {
    {"GET", "/wechat/callback", "verifyCallback", "平台验证", platform(),
     [&s](const call_ptr& asked) { verify(s, asked); }},
    push,
  };
}

} // namespace zhiku::http
