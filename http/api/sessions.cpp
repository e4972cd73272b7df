// A person's or an account's own logins: seeing them, ending one, ending all.

#include "http/api/routes.hpp"
#include "http/cookies.hpp"
#include "http/schema.hpp"

namespace zhiku::http {

namespace {

using domain::json;

void list_sessions(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto items = s.sessions.list(*asked->login);
    if (!items)
      return asked->refuse(items.error());
    asked->answer(asked->matched.status, {{"items", std::move(*items)}});
  });
}

void end_session(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto ended = s.sessions.end(*asked->login, asked->path("id"));
    if (!ended)
      return asked->refuse(ended.error());
    asked->answer(asked->matched.status, json::object());
  });
}

void log_out(services& s, const call_ptr& asked, bool everywhere) {
  s.offload(asked, [&s, asked, everywhere] {
    auto closed = everywhere ? s.sessions.close_all(*asked->login)
                             : s.sessions.close(*asked->login);
    if (!closed)
      return asked->refuse(closed.error());
    auto answer = response::json(asked->matched.status, json::object());
    drop_cookie(answer, cookie::session, s.with.settings.secure_cookies);
    drop_cookie(answer, cookie::csrf, s.with.settings.secure_cookies);
    answer.set_header("Clear-Site-Data", "\"cache\", \"storage\"");
    asked->answer(std::move(answer));
  });
}

json session_item() {
  return schema::answer({{"id", schema::text(36)},
                         {"channel", schema::choice({"WECHAT", "PC", "STAFF"})},
                         {"device", schema::text(100, 0)},
                         {"network", schema::text(100, 0)},
                         {"created_at", schema::instant()},
                         {"seen_at", schema::instant()},
                         {"current", schema::flag()}});
}

} // namespace

route_table session_routes(services& s) {
  route ending{
    "DELETE",      "/api/v1/me/sessions/{id}",
    "endSession",  "结束一个登录",
    any_session(), [&s](const call_ptr& asked) { end_session(s, asked); },
    nullptr,       schema::answer({})};
  ending.also = {domain::errc::not_found};
  return {
    {"GET", "/api/v1/me/sessions", "listSessions", "我的登录", any_session(),
     [&s](const call_ptr& asked) { list_sessions(s, asked); }, nullptr,
     schema::answer({{"items", schema::list(session_item(), 100)}})},
    ending,
    {"POST", "/api/v1/logout", "logout", "退出登录", any_session(),
     [&s](const call_ptr& asked) { log_out(s, asked, false); }, nullptr,
     schema::answer({})},
    {"POST", "/api/v1/logout-all", "logoutEverywhere", "退出全部登录",
     any_session(), [&s](const call_ptr& asked) { log_out(s, asked, true); },
     nullptr, schema::answer({})},
  };
}

} // namespace zhiku::http
