// WeChat's two ways in: pushes from the platform (PROTOCOL 1), and people who
// come from its menus and messages (PROTOCOL 3).

#include "wechat/push.hpp"

#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "http/api/routes.hpp"
#include "http/cookies.hpp"
#include "http/local_target.hpp"
#include "http/oauth_memo.hpp"
#include "http/openapi.hpp"
#include "http/pages.hpp"
#include "http/schema.hpp"
#include "persistence/queries/oauth_states.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/pushes.hpp"
#include "wechat/oauth.hpp"
#include "wechat/reply.hpp"

namespace zhiku::http {

namespace {

using domain::errc;

// --- pushes ------------------------------------------------------------------

wechat::callback::query query_of(const request& asked) {
  return {asked.query.begin(), asked.query.end()};
}

void refuse_push(const call_ptr& asked) {
  log::warn("callback refuses push", {{"request", asked->asked.id}});
  asked->answer(response::text(403, "forbidden"));
}

void verify(services& s, const call_ptr& asked) {
  auto echo = s.with.callback.verify_get(query_of(asked->asked));
  if (!echo)
    return refuse_push(asked);
  asked->answer(response::text(200, *echo));
}

bool tells_reachability(const wechat::push& what) {
  return what.is_event()
         && (what.event == "subscribe" || what.event == "unsubscribe");
}

bool begins_following(const wechat::push& what) {
  return what.event == "subscribe";
}

/// The reply in clear; "" for the word `success`.
std::string reply_to(const wechat::push& what, const std::string& base_url,
                     instant now) {
  if (!what.is_event() || !begins_following(what))
    return {};
  auto text = "欢迎关注物业服务专家库。您可以在这里申报专家资格、参加入库考试、"
              "查看办理进度。\n<a href=\""
              + base_url + "/wechat/enter?to=/h5/\">进入物业服务</a>";
  return wechat::text_reply(what, text,
                            std::chrono::floor<std::chrono::seconds>(now));
}

struct noted_push {
  std::string reply;
  std::optional<std::string> applicant; ///< whom the openid is bound to
};

noted_push note_push(soci::session& sql, const wechat::push& what,
                     const std::string& reply, instant now) {
  persistence::push_row row{
    what.dedup_key(), what.is_event() ? "event/" + what.event : what.msg_type,
    what.from_user, reply, now};
  noted_push noted{persistence::remember_push(sql, row).reply, std::nullopt};
  if (!tells_reachability(what))
    return noted;
  persistence::note_follower(sql, what.from_user, begins_following(what),
                             what.create_time);
  noted.applicant = persistence::applicant_by_openid(sql, what.from_user);
  return noted;
}

void answer_push(services& s, const call_ptr& asked,
                 const wechat::received& genuine, const std::string& reply) {
  if (reply.empty())
    return asked->answer(response::text(200, "success"));
  response answer{200, {}, s.with.callback.reply_body(genuine, reply, s.now())};
  answer.set_header("Content-Type", "application/xml; charset=utf-8");
  asked->answer(std::move(answer));
}

/// Repeats send the order again, under the same id: the first delivery may
/// have ended between its row and its order.
actors::order reachability_order(const wechat::push& what,
                                 const std::string& applicant) {
  return {"applicant/" + applicant,
          {begins_following(what) ? "follow" : "unfollow",
           {{"openid", what.from_user},
            {"at", domain::to_text(instant{what.create_time})}}},
          {{"SYSTEM"}, "wechat", domain::channel::system},
          what.dedup_key()};
}

/// Only what may pass is answered with an error, so that the platform tries
/// again.
bool may_pass(errc code) {
  return code == errc::busy || code == errc::unavailable
         || code == errc::timeout;
}

void handle_push(services& s, const call_ptr& asked,
                 const wechat::received& genuine) {
  auto reply = reply_to(genuine.what, s.with.settings.public_base_url, s.now());
  noted_push noted;
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    noted = note_push(sql, genuine.what, reply, s.now());
  });
  if (!written)
    return asked->refuse(written.error());
  if (!noted.applicant)
    return answer_push(s, asked, genuine, noted.reply);
  s.with.gateway.execute(
    reachability_order(genuine.what, *noted.applicant),
    [&s, asked, genuine, reply = noted.reply](const actors::outcome& came) {
      if (may_pass(came.code))
        return asked->refuse(came.code);
      answer_push(s, asked, genuine, reply);
    });
}

void receive(services& s, const call_ptr& asked) {
  auto genuine = s.with.callback.verify_post(query_of(asked->asked),
                                             asked->asked.body, s.now());
  if (!genuine)
    return refuse_push(asked);
  s.offload(asked, [&s, asked, genuine = std::move(*genuine)] {
    handle_push(s, asked, genuine);
  });
}

// --- people ------------------------------------------------------------------

constexpr std::chrono::minutes state_lifetime{10};

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
    return asked->answer(page(
      200, "请在微信中打开",
      "<p>此链接需要在微信中打开；也可以在电脑上登录物业管理信息平台办理。</"
      "p>"));
  s.offload(asked, [&s, asked, target] { begin(s, asked, target); });
}

/// One return from an authorisation.
struct homecoming {
  std::string code;
  std::string state;
  std::string browser;
  std::string target;
};

response arrival(const services& s, const oauth_ending& ending) {
  auto answer = redirect(303, ending.target);
  issued_session issued{ending.token, ending.csrf, {}};
  set_session_cookies(answer, issued, s);
  return answer;
}

/// The same return again: the same session while it lives; after a logout
/// just the page.
void arrive_again(services& s, const call_ptr& asked,
                  const oauth_ending& ending) {
  s.sessions.find(
    ending.token, [&s, asked, ending](const domain::result<session>& live) {
      asked->answer(live ? arrival(s, ending) : redirect(303, ending.target));
    });
}

domain::result<issued_session> open_wechat_session(services& s,
                                                   const homecoming& from,
                                                   const std::string& openid) {
  session who;
  who.kind = "PERSON";
  who.channel = "WECHAT";
  who.openid = openid;
  auto read = s.with.readers.run([&](soci::session& sql) {
    who.applicant_id =
      persistence::applicant_by_openid(sql, openid).value_or("");
  });
  if (!read)
    return read.error();
  auto issued = s.sessions.open(std::move(who));
  if (!issued)
    return issued;
  auto settled = s.with.readers.run([&](soci::session& sql) {
    persistence::settle_oauth_state(sql, token_hash(from.state),
                                    issued->what.token_hash);
  });
  if (!settled)
    return settled.error();
  return issued;
}

void welcome(services& s, oauth_memo& memo, const call_ptr& asked,
             const homecoming& from, const std::string& openid) {
  s.offload(asked, [&s, &memo, asked, from, openid] {
    auto issued = open_wechat_session(s, from, openid);
    if (!issued)
      return asked->refuse(issued.error());
    oauth_ending ending{issued->token, issued->csrf, from.target};
    memo.remember(from.code, from.state, from.browser, ending, s.now());
    asked->answer(arrival(s, ending));
  });
}

void exchange(services& s, oauth_memo& memo, const call_ptr& asked,
              const homecoming& from) {
  s.with.exchange(
    from.code, [&s, &memo, asked, from](domain::result<oauth_person> person) {
      if (!person) {
        if (person.error().code != errc::not_authenticated)
          return asked->refuse(person.error());
        return asked->answer(
          again_page(403, "授权已失效，请重新进入", from.target));
      }
      if (person->snapshot)
        return asked->answer(
          page(403, "请使用完整服务", "<p>轻触右下角“使用完整服务”。</p>"));
      welcome(s, memo, asked, from, person->openid);
    });
}

void refuse_state(const call_ptr& asked) {
  log::warn("authorisation return refuses state",
            {{"request", asked->asked.id}});
  asked->answer(again_page(403, "链接已失效，请重新进入", "/h5/"));
}

void check_state(services& s, oauth_memo& memo, const call_ptr& asked,
                 homecoming from) {
  persistence::consumed_state state;
  auto read = s.with.readers.run([&](soci::session& sql) {
    state = persistence::consume_oauth_state(sql, token_hash(from.state),
                                             token_hash(from.browser), s.now());
  });
  if (!read)
    return asked->refuse(read.error());
  if (state.fate == persistence::state_fate::unknown)
    return refuse_state(asked);
  if (state.fate == persistence::state_fate::used)
    return asked->answer(redirect(302, enter_url(state.target)));
  from.target = state.target;
  exchange(s, memo, asked, from);
}

/// WeChat comes back without a code, or with `authdeny`, when the person did
/// not agree (PROTOCOL 3).
bool is_denied(const std::string& code) {
  return code.empty() || code == "authdeny";
}

void come_back(services& s, oauth_memo& memo, const call_ptr& asked) {
  homecoming from{asked->query("code"), asked->query("state"),
                  cookie_of(asked->asked, cookie::browser), ""};
  if (!wechat::is_carried_state(from.state) || from.browser.empty())
    return refuse_state(asked);
  if (is_denied(from.code))
    return asked->answer(again_page(403, "您未同意授权", "/h5/"));
  if (auto before = memo.recall(from.code, from.state, from.browser, s.now()))
    return arrive_again(s, asked, *before);
  s.offload(asked,
            [&s, &memo, asked, from] { check_state(s, memo, asked, from); });
}

} // namespace

route_table wechat_routes(services& s) {
  auto memo = std::make_shared<oauth_memo>();
  route push{"POST",        "/wechat/callback",
             "receivePush", "平台推送",
             platform(),    [&s](const call_ptr& asked) { receive(s, asked); }};
  push.body_is_foreign = true;
  return {
    {"GET", "/wechat/callback", "verifyCallback", "平台验证", platform(),
     [&s](const call_ptr& asked) { verify(s, asked); }},
    push,
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
     [&s, memo](const call_ptr& asked) { come_back(s, *memo, asked); },
     nullptr,
     nullptr,
     {{"code", schema::text(512, 0)}, {"state", schema::text(512, 0)}},
     303},
  };
}

} // namespace zhiku::http
