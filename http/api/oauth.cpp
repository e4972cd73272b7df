// People who come from WeChat's menus and messages (PROTOCOL 3).

#include "wechat/oauth.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "http/api/routes.hpp"
#include "http/cookies.hpp"
#include "http/local_target.hpp"
#include "http/openapi.hpp"
#include "http/pages.hpp"
#include "http/schema.hpp"
#include "persistence/queries/oauth_states.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/sessions.hpp"

namespace zhiku::http {

namespace {

using domain::errc;

constexpr std::chrono::minutes state_lifetime{10};

// As long as the platform's code could have been used at all.
constexpr std::chrono::minutes repeat_lifetime{5};

response redirect(int status, const std::string& where) {
  response answer{status, {}, {}};
  answer.set_header("Location", where);
  return answer;
}

std::string enter_url(const std::string& target) {
  return "/wechat/enter?to=" + percent_encode(target);
}

response again_page(int status, std::string_view title,
                    const std::string& target) {
  return page(status, title,
              "<p><a href=\"" + html_escape(enter_url(target))
                + "\">重新进入</a></p>");
}

/// Edge 19: a browser outside WeChat is not sent into an authorisation that
/// cannot end.
bool is_turned_away(const services& s, const request& asked) {
  return s.with.settings.wechat_browser_only
         && asked.header("User-Agent").find("MicroMessenger")
              == std::string_view::npos;
}

std::string authorization(const services& s, const std::string& state) {
  const auto& settings = s.with.settings;
  return wechat::authorize_url(
    settings.wechat_open_base, settings.wechat_app_id,
    settings.public_base_url + "/wechat/oauth", wechat::scope_base, state);
}

void begin(services& s, const call_ptr& asked, const std::string& target) {
  auto known = cookie_of(asked->asked, cookie::browser);
  auto browser = is_token(known) ? known : new_token();
  auto state = to_hex(random_bytes(16));
  auto written = s.with.readers.run([&](soci::session& sql) {
    persistence::insert_oauth_state(sql,
                                    {token_hash(state), token_hash(browser),
                                     target, s.now() + state_lifetime});
  });
  if (!written)
    return asked->refuse(written.error());
  auto answer = redirect(302, authorization(s, state));
  if (browser != known)
    set_cookie(answer, cookie::browser, browser,
               {s.with.settings.secure_cookies});
  asked->answer(std::move(answer));
}

void enter(services& s, const call_ptr& asked) {
  auto to = asked->query("to");
  auto target = to.empty() ? std::string{"/h5/"} : to;
  if (!is_local_target(target))
    return asked->refuse(domain::refusal{
      errc::invalid_input, {}, {{"to", "not_local", "只能前往本站页面"}}});
  if (is_turned_away(s, asked->asked))
    return asked->answer(redirect(302, "/login?to=" + percent_encode(target)));
  s.offload(asked, [&s, asked, target] { begin(s, asked, target); });
}

/// One return from an authorisation.
struct homecoming {
  std::string code;
  std::string state;
  std::string browser;
  std::string target;

  session_secrets secrets(const services& s) const {
    return derived_secrets(s.with.vault, "oauth", {state, code, browser});
  }
};

response arrival(const services& s, const homecoming& from) {
  auto answer = redirect(303, from.target);
  auto [token, csrf] = from.secrets(s);
  set_session_cookies(answer, {std::move(token), std::move(csrf), {}}, s);
  return answer;
}

void welcome(services& s, const call_ptr& asked, const homecoming& from,
             const std::string& openid) {
  session who;
  who.kind = "PERSON";
  who.channel = "WECHAT";
  who.openid = openid;
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    who.applicant_id =
      persistence::applicant_by_openid(sql, openid).value_or("");
    auto issued = s.sessions.issue(who, from.secrets(s));
    persistence::insert_session(sql, issued.what);
  });
  if (!written)
    return asked->refuse(written.error());
  asked->answer(arrival(s, from));
}

void exchange(services& s, const call_ptr& asked, const homecoming& from) {
  s.with.exchange(
    from.code, [&s, asked, from](const domain::result<oauth_person>& person) {
      if (!person) {
        if (person.error().code != errc::not_authenticated)
          return asked->refuse(person.error());
        return asked->answer(
          again_page(403, "授权已失效，请重新进入", from.target));
      }
      if (person->snapshot)
        return asked->answer(
          page(403, "请使用完整服务", "<p>轻触右下角“使用完整服务”。</p>"));
      s.offload(asked, [&s, asked, from, openid = person->openid] {
        welcome(s, asked, from, openid);
      });
    });
}

/// The same return again (edge 21), by the back button or a double redirect:
/// the same session while it lives; once it has ended, just the page. What is
/// no repeat begins anew.
response second_arrival(const services& s, const homecoming& from,
                        const std::optional<session>& opened,
                        instant first_at) {
  if (!opened || s.now() >= first_at + repeat_lifetime)
    return redirect(302, enter_url(from.target));
  if (is_live(*opened, s.now(), s.sessions.limits().idle))
    return arrival(s, from);
  return redirect(303, from.target);
}

void refuse_state(const call_ptr& asked) {
  log::warn("authorisation return refuses state",
            {{"request", asked->asked.id}});
  asked->answer(again_page(403, "链接已失效，请重新进入", "/h5/"));
}

void check_state(services& s, const call_ptr& asked, homecoming from) {
  persistence::consumed_state state;
  std::optional<session> opened;
  auto read = s.with.readers.run([&](soci::session& sql) {
    state = persistence::consume_oauth_state(sql, token_hash(from.state),
                                             token_hash(from.browser), s.now());
    if (state.fate == persistence::state_fate::used)
      opened =
        persistence::load_session(sql, token_hash(from.secrets(s).token));
  });
  if (!read)
    return asked->refuse(read.error());
  if (state.fate == persistence::state_fate::unknown)
    return refuse_state(asked);
  from.target = state.target;
  if (state.fate == persistence::state_fate::used)
    return asked->answer(second_arrival(s, from, opened, state.used_at));
  exchange(s, asked, from);
}

/// WeChat comes back without a code, or with `authdeny`, when the person did
/// not agree (PROTOCOL 3).
bool is_denied(const std::string& code) {
  return code.empty() || code == "authdeny";
}

void come_back(services& s, const call_ptr& asked) {
  homecoming from{asked->query("code"), asked->query("state"),
                  cookie_of(asked->asked, cookie::browser), ""};
  if (!wechat::is_carried_state(from.state) || from.browser.empty())
    return refuse_state(asked);
  if (is_denied(from.code))
    return asked->answer(again_page(403, "您未同意授权", "/h5/"));
  s.offload(asked, [&s, asked, from] { check_state(s, asked, from); });
}

} // namespace

route_table oauth_routes(services& s) {
  return {
    {"GET",
     "/wechat/enter",
     "enterFromWechat",
     "从微信进入",
     anyone(),
     [&s](const call_ptr& asked) { enter(s, asked); },
     nullptr,
     nullptr,
     {{"to", schema::text(512)}},
     302},
    {"GET",
     "/wechat/oauth",
     "returnFromWechat",
     "微信授权返回",
     anyone(),
     [&s](const call_ptr& asked) { come_back(s, asked); },
     nullptr,
     nullptr,
     {{"code", schema::text(512, 0)}, {"state", schema::text(512, 0)}},
     303},
  };
}

} // namespace zhiku::http
