// Login at a PC by QR code (PROTOCOL 4b): the browser asks for a ticket, the
// phone scans and confirms it, the browser comes for its session. The scan
// itself arrives as a push (callback.cpp).

#include "persistence/queries/login_tickets.hpp"
#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "domain/fields.hpp"
#include "http/api/routes.hpp"
#include "http/client_address.hpp"
#include "http/client_look.hpp"
#include "http/cookies.hpp"
#include "http/local_target.hpp"
#include "http/login_pages.hpp"
#include "http/push_meaning.hpp"
#include "http/qr.hpp"
#include "http/schema.hpp"
#include "persistence/queries/people.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using persistence::login_ticket;

// --- the browser asks --------------------------------------------------------

std::string target_of(const json& body) {
  std::string to{domain::text_at(body, "to")};
  return to.empty() ? "/" : to;
}

login_ticket new_ticket(const services& s, const call& asked,
                        const std::string& browser) {
  login_ticket made;
  made.id = new_uuid();
  made.scene = std::string{login_scene_prefix} + to_hex(random_bytes(16));
  made.browser_hash = token_hash(browser);
  made.target = target_of(asked.body);
  made.device = device_of(asked.asked.header("User-Agent"));
  made.network = network_of(asked.asked.remote_address);
  made.created_at = s.now();
  made.expires_at = s.now() + s.with.settings.login_ticket_lifetime;
  return made;
}

std::int64_t remaining_ms(const login_ticket& ticket, instant now) {
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
    ticket.expires_at - now);
  return std::max<std::int64_t>(0, left.count());
}

std::string path_of(const login_ticket& ticket) {
  return "/api/v1/login/tickets/" + ticket.id;
}

void keep_ticket(services& s, const call_ptr& asked, const login_ticket& ticket,
                 const std::string& new_browser) {
  auto written = s.with.readers.run(
    [&](soci::session& sql) { persistence::insert_login_ticket(sql, ticket); });
  if (!written)
    return asked->refuse(written.error());
  auto answer = response::json(
    asked->matched.status, {{"id", ticket.id},
                            {"state", ticket.state},
                            {"expires_at", domain::to_text(ticket.expires_at)},
                            {"remaining_ms", remaining_ms(ticket, s.now())},
                            {"qr_url", ticket.qr_url},
                            {"qr_svg", path_of(ticket) + "/qr.svg"}});
  if (!new_browser.empty())
    set_cookie(answer, cookie::browser, new_browser,
               {s.with.settings.secure_cookies});
  asked->answer(std::move(answer));
}

domain::refusal no_qr_code() {
  return {
    errc::unavailable, "暂时无法生成登录二维码，请改用短信验证码登录", {}};
}

void create_ticket(services& s, const call_ptr& asked) {
  if (!is_local_target(target_of(asked->body)))
    return asked->refuse(
      domain::invalid("to", "not_local", "只能前往本站页面"));
  const auto& from = asked->asked.remote_address;
  if (!s.tickets_by_address.admit(address_key(from), s.now())
      || !s.tickets_by_network.admit(network_key(from), s.now()))
    return asked->refuse(errc::rate_limited);
  if (!s.with.make_login_qr)
    return asked->refuse(no_qr_code());
  auto known = browser_of(s, asked->asked);
  auto browser = is_token(known) ? known : new_token();
  auto new_browser = browser == known ? std::string{} : browser;
  auto ticket = new_ticket(s, *asked, browser);
  auto lifetime = s.with.settings.login_ticket_lifetime;
  s.with.make_login_qr(
    ticket.scene, lifetime,
    [&s, asked, ticket, new_browser](domain::result<std::string> url) mutable {
      if (!url) {
        log::warn("platform makes no login code",
                  {{"request", asked->asked.id}});
        return asked->refuse(no_qr_code());
      }
      ticket.qr_url = std::move(*url);
      s.offload(asked, [&s, asked, ticket, new_browser] {
        keep_ticket(s, asked, ticket, new_browser);
      });
    });
}

// --- the browser waits -------------------------------------------------------

bool is_asker(const services& s, const login_ticket& ticket,
              const call& asked) {
  auto browser = browser_of(s, asked.asked);
  return !browser.empty()
         && constant_time_equal(ticket.browser_hash, token_hash(browser));
}

/// The ticket of the path for the browser that asked for it; for all others
/// there is none.
domain::result<login_ticket> ticket_of_asker(const services& s,
                                             const call& asked) {
  std::optional<login_ticket> ticket;
  auto read = s.with.readers.run([&](soci::session& sql) {
    ticket = persistence::load_login_ticket(sql, asked.path("id"));
  });
  if (!read)
    return read.error();
  if (!ticket || !is_asker(s, *ticket, asked))
    return errc::not_found;
  return std::move(*ticket);
}

void tell_state(const services& s, const call_ptr& asked,
                const login_ticket& ticket, std::string_view state) {
  asked->answer(asked->matched.status,
                {{"id", ticket.id},
                 {"state", state},
                 {"expires_at", domain::to_text(ticket.expires_at)},
                 {"remaining_ms", remaining_ms(ticket, s.now())}});
}

/// Opens the ticket's one session. A browser that lost the answer and asks
/// again while the ticket lasts gets the same one; nothing when it has ended.
std::optional<issued_session>
take_session(soci::session& sql, const services& s, const login_ticket& ticket,
             const call& asked, const std::string& applicant) {
  auto who = session_from(asked, "PERSON", "PC");
  who.applicant_id = applicant;
  auto secrets = derived_secrets(s.with.vault, "login ticket",
                                 {ticket.id, browser_of(s, asked.asked)});
  auto issued = s.sessions.issue(std::move(who), std::move(secrets));
  if (persistence::use_login_ticket(sql, ticket.id, s.now())) {
    s.sessions.keep(sql, issued.what, session_token_of(s, asked.asked));
    return issued;
  }
  auto opened = persistence::load_session(sql, issued.what.token_hash);
  if (!opened || !is_live(*opened, s.now(), s.sessions.limits().idle))
    return std::nullopt;
  issued.what = *opened;
  return issued;
}

void let_in(services& s, const call_ptr& asked, const login_ticket& ticket,
            const std::string& applicant) {
  std::optional<issued_session> issued;
  auto written = s.with.readers.transaction([&](soci::session& sql) {
    issued = take_session(sql, s, ticket, *asked, applicant);
  });
  if (!written)
    return asked->refuse(written.error());
  if (!issued)
    return tell_state(s, asked, ticket, "EXPIRED");
  s.sessions.forget(session_token_of(s, asked->asked));
  auto answer =
    response::json(asked->matched.status, {{"id", ticket.id},
                                           {"state", "CONFIRMED"},
                                           {"to", ticket.target},
                                           {"applicant_id", applicant},
                                           {"csrf_token", issued->csrf}});
  set_session_cookies(answer, *issued, s);
  asked->answer(std::move(answer));
}

/// The login enters the person's history before it counts.
void record_login(services& s, const call_ptr& asked,
                  const login_ticket& ticket) {
  std::optional<std::string> applicant;
  auto read = s.with.readers.run([&](soci::session& sql) {
    applicant = persistence::applicant_by_openid(sql, ticket.openid);
  });
  if (!read)
    return asked->refuse(read.error());
  if (!applicant)
    return tell_state(s, asked, ticket, "REFUSED");
  actors::order login{"applicant/" + *applicant,
                      {"login"},
                      {{"VISITOR"}, "", domain::channel::pc},
                      step_id(ticket.id, "login")};
  s.execute(
    asked, std::move(login), [&s, asked, ticket, id = *applicant](const json&) {
      s.offload(asked,
                [&s, asked, ticket, id] { let_in(s, asked, ticket, id); });
    });
}

void poll_ticket(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto ticket = ticket_of_asker(s, *asked);
    if (!ticket)
      return asked->refuse(ticket.error());
    if (ticket->state == "REFUSED")
      return tell_state(s, asked, *ticket, "REFUSED");
    if (ticket->expires_at <= s.now())
      return tell_state(s, asked, *ticket, "EXPIRED");
    if (ticket->state == "CONFIRMED" || ticket->state == "USED")
      return record_login(s, asked, *ticket);
    tell_state(s, asked, *ticket, ticket->state);
  });
}

void draw_ticket(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto ticket = ticket_of_asker(s, *asked);
    if (!ticket)
      return asked->refuse(ticket.error());
    auto picture = qr_svg(ticket->qr_url);
    if (!picture)
      return asked->refuse(no_qr_code());
    response answer{200, {}, std::move(*picture)};
    answer.set_header("Content-Type", "image/svg+xml");
    asked->answer(std::move(answer));
  });
}

// --- the phone decides -------------------------------------------------------

/// Whether the login came through WeChat and is of the person who scanned.
bool is_scanner(const login_ticket& ticket, const session& login) {
  return login.channel == "WECHAT" && !login.openid.empty()
         && login.openid == ticket.openid;
}

void show_confirmation(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    std::optional<login_ticket> ticket;
    auto read = s.with.readers.run([&](soci::session& sql) {
      ticket = persistence::load_login_ticket(sql, asked->path("id"));
    });
    if (!read)
      return asked->refuse(read.error());
    if (!ticket || !is_scanner(*ticket, *asked->login))
      return asked->answer(no_confirmation_page(404));
    if (ticket->state != "SCANNED" || ticket->expires_at <= s.now())
      return asked->answer(no_confirmation_page(410));
    asked->answer(confirmation_page(*ticket));
  });
}

void decide(services& s, const call_ptr& asked, bool confirmed) {
  if (asked->login->channel != "WECHAT" || asked->login->openid.empty())
    return asked->refuse(errc::not_found);
  s.offload(asked, [&s, asked, confirmed] {
    bool decided = false;
    auto written = s.with.readers.run([&](soci::session& sql) {
      decided = persistence::decide_login_ticket(
        sql, asked->path("id"), asked->login->openid, confirmed, s.now());
    });
    if (!written)
      return asked->refuse(written.error());
    if (!decided)
      return asked->refuse({errc::gone, "此登录请求已失效，请重新扫描", {}});
    log::info(confirmed ? "phone confirms login" : "phone refuses login",
              {{"ticket", asked->path("id")}});
    asked->answer(asked->matched.status,
                  {{"state", confirmed ? "CONFIRMED" : "REFUSED"}});
  });
}

std::function<void(const call_ptr&)> deciding(services& s, bool confirmed) {
  return
    [&s, confirmed](const call_ptr& asked) { decide(s, asked, confirmed); };
}

// --- pages -------------------------------------------------------------------

void show_login(const services& s, const call_ptr& asked) {
  auto to = asked->query("to");
  auto website_app =
    !s.with.settings.login_app_id.empty() && s.with.login_exchange;
  asked->answer(login_page(is_local_target(to) ? to : "/", website_app));
}

json state_reply(std::vector<schema::member> members) {
  members.push_back({"id", schema::text(36)});
  members.push_back({"state", schema::choice({"WAITING", "SCANNED", "CONFIRMED",
                                              "REFUSED", "EXPIRED"})});
  return schema::answer(std::move(members));
}

} // namespace

route_table login_ticket_routes(services& s) {
  route begin{"POST",
              "/api/v1/login/tickets",
              "createLoginTicket",
              "申请登录二维码",
              anyone(),
              [&s](const call_ptr& asked) { create_ticket(s, asked); },
              schema::object({schema::optional("to", schema::text(512))}),
              state_reply({{"expires_at", schema::instant()},
                           {"remaining_ms", schema::integer(0, 600'000)},
                           {"qr_url", schema::text(512)},
                           {"qr_svg", schema::text(200)}}),
              {},
              201};
  begin.also = {domain::errc::rate_limited};
  route confirmation{
    "GET",
    "/h5/login-confirm/{id}",
    "showLoginConfirmation",
    "确认登录页面",
    guest(),
    [&s](const call_ptr& asked) { show_confirmation(s, asked); }};
  confirmation.is_page = true;
  return {
    {"GET",
     "/login",
     "loginPage",
     "登录页面",
     anyone(),
     [&s](const call_ptr& asked) { show_login(s, asked); },
     nullptr,
     nullptr,
     {{"to", schema::text(512, 0)}}},
    begin,
    {"GET", "/api/v1/login/tickets/{id}", "pollLoginTicket", "查看扫码结果",
     anyone(), [&s](const call_ptr& asked) { poll_ticket(s, asked); }, nullptr,
     state_reply({schema::optional("expires_at", schema::instant()),
                  schema::optional("remaining_ms", schema::integer(0, 600'000)),
                  schema::optional("to", schema::text(512)),
                  schema::optional("applicant_id", schema::text(36)),
                  schema::optional("csrf_token", schema::text(43))})},
    {"GET", "/api/v1/login/tickets/{id}/qr.svg", "drawLoginTicket",
     "登录二维码图片", anyone(),
     [&s](const call_ptr& asked) { draw_ticket(s, asked); }},
    {"POST", "/api/v1/login/tickets/{id}/confirm", "confirmLogin",
     "手机上确认登录", guest(), deciding(s, true), nullptr,
     schema::answer({{"state", schema::text()}})},
    {"POST", "/api/v1/login/tickets/{id}/refuse", "refuseLogin",
     "手机上拒绝登录", guest(), deciding(s, false), nullptr,
     schema::answer({{"state", schema::text()}})},
    confirmation,
  };
}

} // namespace zhiku::http
