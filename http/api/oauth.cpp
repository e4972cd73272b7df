// People who authorise: those who come from WeChat's menus and messages
// (PROTOCOL 3), and those at a PC who scan the code of our website application
// (PROTOCOL 4a).

#include "wechat/oauth.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "domain/fields.hpp"
#include "http/api/routes.hpp"
#include "http/client_look.hpp"
#include "http/cookies.hpp"
#include "http/local_target.hpp"
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

// The platform's own are shorter.
constexpr std::size_t longest_parameter = 512;

// As long as the first return may be under way: the platform is slow at times.
constexpr std::chrono::seconds first_patience{15};

response redirect(int status, const std::string& where) {
  response answer{status, {}, {}};
  answer.set_header("Location", where);
  return answer;
}

struct homecoming;

/// What differs between the two.
struct way_in {
  std::string_view purpose; ///< of the session's secrets
  std::string_view start;   ///< where a person begins anew, before the target
  std::string_view home;    ///< the target when none is asked for
  std::function<std::string(const request& asked, const std::string& state)>
    authorization;
  oauth_exchange exchange;
  std::function<void(const call_ptr&, const homecoming&, const oauth_person&)>
    welcome;

  std::string start_url(const std::string& target) const {
    return std::string{start} + percent_encode(target);
  }
};

using way_ptr = std::shared_ptr<const way_in>;

/// One return from an authorisation.
struct homecoming {
  way_ptr by;
  std::string code;
  std::string state;
  std::string browser;
  std::string target;

  session_secrets secrets(const services& s) const {
    return derived_secrets(s.with.vault, by->purpose, {state, code, browser});
  }
};

response again_page(int status, std::string_view title, const way_in& by,
                    const std::string& target) {
  return page(status, title,
              "<p><a href=\"" + html_escape(by.start_url(target))
                + "\">重新进入</a></p>");
}

/// Edge 19: a browser outside WeChat is not sent into an authorisation that
/// cannot end.
bool is_turned_away(const services& s, const request& asked) {
  return s.with.settings.wechat_browser_only
         && !is_wechat(asked.header("User-Agent"));
}

// --- going -------------------------------------------------------------------

void begin(services& s, const call_ptr& asked, const way_in& by,
           const std::string& target) {
  auto known = browser_of(s, asked->asked);
  auto browser = is_token(known) ? known : new_token();
  auto state = to_hex(random_bytes(16));
  auto written = s.with.readers.run([&](soci::session& sql) {
    persistence::insert_oauth_state(sql,
                                    {token_hash(state), token_hash(browser),
                                     target, s.now() + state_lifetime});
  });
  if (!written)
    return asked->refuse(written.error());
  auto answer = redirect(302, by.authorization(asked->asked, state));
  if (browser != known)
    set_cookie(answer, cookie::browser, browser,
               {s.with.settings.secure_cookies});
  asked->answer(std::move(answer));
}

/// The page asked for; nothing when it is not ours, and then the request is
/// refused.
std::optional<std::string> target_of(const call_ptr& asked, const way_in& by) {
  auto to = asked->query("to");
  if (to.empty())
    return std::string{by.home};
  if (is_local_target(to))
    return to;
  asked->refuse(domain::invalid("to", "not_local", "只能前往本站页面"));
  return std::nullopt;
}

void enter(services& s, const call_ptr& asked, const way_ptr& by) {
  auto target = target_of(asked, *by);
  if (!target)
    return;
  if (is_turned_away(s, asked->asked))
    return asked->answer(redirect(302, "/login?to=" + percent_encode(*target)));
  s.offload(asked, [&s, asked, by, target] { begin(s, asked, *by, *target); });
}

void go_scanning(services& s, const call_ptr& asked, const way_ptr& by) {
  auto target = target_of(asked, *by);
  if (target)
    s.offload(asked,
              [&s, asked, by, target] { begin(s, asked, *by, *target); });
}

// --- coming back -------------------------------------------------------------

response arrival(const services& s, const homecoming& from) {
  auto answer = redirect(303, from.target);
  auto [token, csrf] = from.secrets(s);
  set_session_cookies(answer, {std::move(token), std::move(csrf), {}}, s);
  return answer;
}

/// Somebody inside WeChat, known or not yet.
void welcome_phone(services& s, const call_ptr& asked, const homecoming& from,
                   const oauth_person& person) {
  auto who = session_from(*asked, "PERSON", "WECHAT");
  who.openid = person.openid;
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    if (!person.unionid.empty())
      persistence::note_unionid(sql, person.openid, person.unionid);
    who.applicant_id =
      persistence::applicant_by_openid(sql, person.openid).value_or("");
    auto issued = s.sessions.issue(who, from.secrets(s));
    s.sessions.keep(sql, issued.what, session_token_of(s, asked->asked));
  });
  if (!written)
    return asked->refuse(written.error());
  s.sessions.forget(session_token_of(s, asked->asked));
  asked->answer(arrival(s, from));
}

void open_pc_session(services& s, const call_ptr& asked, const homecoming& from,
                     const std::string& applicant) {
  auto who = session_from(*asked, "PERSON", "PC");
  who.applicant_id = applicant;
  auto issued = s.sessions.issue(std::move(who), from.secrets(s));
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    s.sessions.keep(sql, issued.what, session_token_of(s, asked->asked));
  });
  if (!written)
    return asked->refuse(written.error());
  s.sessions.forget(session_token_of(s, asked->asked));
  asked->answer(arrival(s, from));
}

/// Somebody at a PC. The openid is the website application's, so only the
/// unionid can tell who they are, and only once they came through the account.
void welcome_pc(services& s, const call_ptr& asked, const homecoming& from,
                const oauth_person& person) {
  std::optional<std::string> applicant;
  auto read = s.with.readers.run([&](soci::session& sql) {
    if (!person.unionid.empty())
      applicant = persistence::applicant_by_unionid(sql, person.unionid);
  });
  if (!read)
    return asked->refuse(read.error());
  if (!applicant)
    return asked->answer(page(
      403, "还不能用这种方式登录",
      "<p>请先在微信中关注公众号并完成身份认证，再从公众号菜单进入一次。</p>"
      "<p><a href=\"/login\">用其他方式登录</a></p>"));
  actors::order login{"applicant/" + *applicant,
                      {"login"},
                      {{"VISITOR"}, "", domain::channel::pc},
                      step_id(token_hash(from.state), "login")};
  s.execute(asked, std::move(login),
            [&s, asked, from, id = *applicant](const domain::json&) {
              s.offload(asked, [&s, asked, from, id] {
                open_pc_session(s, asked, from, id);
              });
            });
}

void exchange(services& s, const call_ptr& asked, const homecoming& from) {
  from.by->exchange(
    from.code, [&s, asked, from](const domain::result<oauth_person>& person) {
      if (!person) {
        if (person.error().code != errc::not_authenticated)
          return asked->refuse(person.error());
        return asked->answer(
          again_page(403, "授权已失效，请重新进入", *from.by, from.target));
      }
      if (person->snapshot)
        return asked->answer(
          page(403, "请使用完整服务", "<p>轻触右下角“使用完整服务”。</p>"));
      s.offload(asked, [asked, from, who = *person] {
        from.by->welcome(asked, from, who);
      });
    });
}

/// Comes back by itself, to see how the first return has ended.
response one_moment() {
  auto answer = page(200, "正在登录", "<p>请稍候，页面会自动继续。</p>");
  answer.set_header("Refresh", "1");
  return answer;
}

/// The same return again (edge 21), by the back button or a double redirect:
/// the same session while it lives; once it has ended, just the page. What is
/// no repeat begins anew, but not while the first may still be under way: its
/// answer would be lost to the browser, which shows only the second's.
response second_arrival(const services& s, const homecoming& from,
                        const std::optional<session>& opened,
                        instant first_at) {
  if (!opened && s.now() < first_at + first_patience)
    return one_moment();
  if (!opened || s.now() >= first_at + repeat_lifetime)
    return redirect(302, from.by->start_url(from.target));
  if (is_live(*opened, s.now(), s.sessions.limits().idle))
    return arrival(s, from);
  return redirect(303, from.target);
}

void refuse_state(const call_ptr& asked, const way_in& by) {
  log::warn("authorisation return refuses state",
            {{"request", asked->asked.id}});
  asked->answer(
    again_page(403, "链接已失效，请重新进入", by, std::string{by.home}));
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
    return refuse_state(asked, *from.by);
  from.target = state.target;
  if (state.fate == persistence::state_fate::used)
    return asked->answer(second_arrival(s, from, opened, state.used_at));
  exchange(s, asked, from);
}

/// One value, of a length that a state or a code has. What browsers add, or
/// people paste, is not looked at any further (W18).
std::string single(const request& asked, std::string_view name) {
  auto given = asked.parameter(name);
  if (given.repeated || !given.value || given.value->size() > longest_parameter)
    return {};
  return std::string{*given.value};
}

/// WeChat comes back without a code, or with `authdeny`, when the person did
/// not agree (PROTOCOL 3).
bool is_denied(const std::string& code) {
  return code.empty() || code == "authdeny";
}

void come_back(services& s, const call_ptr& asked, const way_ptr& by) {
  homecoming from{by, single(asked->asked, "code"),
                  single(asked->asked, "state"), browser_of(s, asked->asked),
                  ""};
  auto is_doubled = asked->asked.parameter("code").repeated;
  if (!wechat::is_carried_state(from.state) || from.browser.empty()
      || is_doubled)
    return refuse_state(asked, *by);
  if (is_denied(from.code))
    return asked->answer(
      again_page(403, "您未同意授权", *by, std::string{by->home}));
  s.offload(asked, [&s, asked, from] { check_state(s, asked, from); });
}

// --- the two ways ------------------------------------------------------------

/// Silent, unless the page that leads here needs what only a person's consent
/// gives: the unionid, where the platform keeps it from the silent way.
std::string_view scope_of(const request& asked) {
  return asked.parameter("scope").value == "userinfo" ? wechat::scope_userinfo
                                                      : wechat::scope_base;
}

way_ptr phone_way(services& s) {
  const auto& how = s.with.settings;
  return std::make_shared<const way_in>(way_in{
    "oauth", "/wechat/enter?to=", "/h5/",
    [&how](const request& asked, const std::string& state) {
      return wechat::authorize_url(how.wechat_open_base, how.wechat_app_id,
                                   how.public_base_url + "/wechat/oauth",
                                   scope_of(asked), state);
    },
    s.with.exchange,
    [&s](const call_ptr& asked, const homecoming& from,
         const oauth_person& who) { welcome_phone(s, asked, from, who); }});
}

way_ptr pc_way(services& s) {
  const auto& how = s.with.settings;
  return std::make_shared<const way_in>(way_in{
    "website login", "/login?to=", "/",
    [&how](const request&, const std::string& state) {
      return wechat::qrconnect_url(how.wechat_open_base, how.login_app_id,
                                   how.public_base_url + "/login/wechat/return",
                                   state);
    },
    s.with.login_exchange,
    [&s](const call_ptr& asked, const homecoming& from,
         const oauth_person& who) { welcome_pc(s, asked, from, who); }});
}

using way_handler = void (*)(services&, const call_ptr&, const way_ptr&);

route way_route(services& s, std::string pattern, std::string id,
                std::string summary, const way_ptr& by, way_handler handle) {
  return {"GET",
          std::move(pattern),
          std::move(id),
          std::move(summary),
          anyone(),
          [&s, by, handle](const call_ptr& asked) { handle(s, asked, by); }};
}

route start_route(route made) {
  made.query = {{"to", schema::text(512)}};
  made.status = 302;
  return made;
}

route return_route(route made) {
  made.query = {{"code", schema::text(512, 0)},
                {"state", schema::text(512, 0)}};
  made.status = 303;
  // A person who comes back with a spoilt address needs a page, not a problem
  // in JSON.
  made.query_is_foreign = true;
  return made;
}

} // namespace

route_table oauth_routes(services& s) {
  auto phone = phone_way(s);
  auto from_wechat = start_route(way_route(
    s, "/wechat/enter", "enterFromWechat", "从微信进入", phone, enter));
  from_wechat.query.push_back({"scope", schema::choice({"base", "userinfo"})});
  route_table all{
    from_wechat,
    return_route(way_route(s, "/wechat/oauth", "returnFromWechat",
                           "微信授权返回", phone, come_back)),
  };
  if (s.with.settings.login_app_id.empty() || !s.with.login_exchange)
    return all;
  auto pc = pc_way(s);
  all.push_back(
    start_route(way_route(s, "/login/wechat", "loginByWebsiteApp",
                          "微信开放平台扫码登录", pc, go_scanning)));
  all.push_back(
    return_route(way_route(s, "/login/wechat/return", "returnFromWebsiteApp",
                           "微信开放平台扫码返回", pc, come_back)));
  return all;
}

} // namespace zhiku::http
