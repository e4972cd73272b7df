// What a browser or a phone sees of open.weixin.qq.com: authorisation inside
// WeChat, login at a PC by QR code, and the sandbox's own page.

#include "sandbox/authorize.hpp"
#include "sandbox/frame_check.hpp"
#include "sandbox/html.hpp"
#include "sandbox/page.hpp"
#include "sandbox/picture.hpp"
#include "sandbox/route.hpp"

#include "base/encoding.hpp"
#include "sms/url.hpp"
#include "wechat/oauth.hpp"

namespace zhiku::sandbox {

namespace {

using httplib::Request;
using httplib::Response;

constexpr const char* cookie_name = "sandbox_openid";
constexpr const char* answer_name = "sandbox_consent";
constexpr std::chrono::minutes code_lifetime{5};
constexpr std::chrono::minutes web_code_lifetime{10};
constexpr std::chrono::seconds frame_patience{3};

void answer_page(Response& response, const std::string& title,
                 const std::string& body) {
  response.set_content(html_page(title, body), "text/html; charset=utf-8");
}

void answer_problem(Response& response, const std::string& problem) {
  answer_page(response, "授权失败",
              "<p>" + escaped(problem) + "</p><p>请核对链接后重试。</p>");
}

// -- authorisation inside WeChat ----------------------------------------------

/// The follower whose browser this is, by query or cookie; null when unknown.
const follower* visitor_of(const world& in, const Request& request) {
  auto openid = request.get_param_value(cookie_name);
  if (openid.empty()) {
    auto cookies = request.get_header_value("Cookie");
    auto wanted = std::string{cookie_name} + '=';
    auto at = cookies.find(wanted);
    if (at != std::string::npos)
      openid = cookies.substr(at + wanted.size(),
                              cookies.find(';', at) - at - wanted.size());
  }
  return in.followers.find(openid);
}

void offer_followers(const world& in, const Request& request,
                     Response& response) {
  std::string links;
  for (const auto* who : in.followers.all())
    links += html_button(request.target + '&' + cookie_name + '=' + who->openid,
                         who->nickname, false);
  answer_page(response, "以哪位微信用户的身份打开？",
              links.empty() ? "<p>还没有用户。请先在沙箱首页添加一位。</p>"
                            : links);
}

/// Silent where the platform is: for the base scope, and for followers unless
/// the address insists.
bool asks_for_consent(const Request& request, const follower& who) {
  if (request.get_param_value("scope") == wechat::scope_base)
    return false;
  return !who.subscribed || request.get_param_value("forcePopup") == "true";
}

void ask_for_consent(const Request& request, Response& response) {
  auto answer = [&request](const char* text) {
    return request.target + '&' + answer_name + '=' + text;
  };
  answer_page(response, "申请获取你的昵称和头像",
              "<p>该服务号申请使用你的微信昵称与头像。</p>"
                + html_button(answer("allow"), "允许", true)
                + html_button(answer("deny"), "拒绝", false));
}

void answer_refusal(const world& in, const Request& request,
                    Response& response) {
  auto state = "state=" + request.get_param_value("state");
  auto uri = request.get_param_value("redirect_uri");
  switch (in.chosen.on_refusal) {
  case oauth_refusal::stay:
    answer_page(response, "已拒绝", "<p>你没有授权。可以关闭此页面。</p>");
    return;
  case oauth_refusal::state_only:
    response.set_redirect(with_query(uri, state));
    return;
  case oauth_refusal::authdeny:
    response.set_redirect(with_query(uri, "code=authdeny&" + state));
    return;
  }
}

void grant(world& in, const Request& request, const follower& who,
           Response& response) {
  oauth_desk::grant what{in.how.app_id, who.openid, who.openid,
                         request.get_param_value("scope")};
  if (request.get_param_value("forceSnapShot") == "true") {
    what.snapshot = true;
    what.openid = virtual_openid_of(who.openid);
  }
  auto code = in.oauth.issue_code(what, in.time.now(), code_lifetime);
  response.set_header("Set-Cookie", std::string{cookie_name} + '=' + who.openid
                                      + "; Path=/; SameSite=Lax");
  response.set_redirect(
    with_query(request.get_param_value("redirect_uri"),
               "code=" + code + "&state=" + request.get_param_value("state")));
}

void authorize(world& in, const Request& request, Response& response) {
  ++in.calls["authorize"];
  auto problem = authorize_problem(request, in.how, in.chosen.oauth_domain);
  if (!problem.empty()) {
    answer_problem(response, problem);
    return;
  }
  const auto* who = visitor_of(in, request);
  auto answer = request.get_param_value(answer_name);
  if (who == nullptr)
    offer_followers(in, request, response);
  else if (answer == "deny")
    answer_refusal(in, request, response);
  else if (answer != "allow" && asks_for_consent(request, *who))
    ask_for_consent(request, response);
  else
    grant(in, request, *who, response);
}

// -- login at a PC by QR code -------------------------------------------------

/// Asks how the login stands, again and again, and goes where it leads.
std::string polling_script(const std::string& id, const std::string& target) {
  return "<p id=\"told\">请用手机扫描二维码登录</p><script>"
         "const told = document.getElementById('told');"
         "async function ask() {"
         "  const text = await (await fetch('/connect/l/qrconnect?uuid="
         + id
         + "')).text();"
           "  const errcode = /wx_errcode=(\\d+)/.exec(text)[1];"
           "  const code = /wx_code='(\\w*)'/.exec(text)[1];"
           "  if (errcode === '405') location = "
         + target
         + " + code;"
           "  else if (errcode === '402')"
           "    told.textContent = '二维码已失效，请刷新页面重试';"
           "  else {"
           "    if (errcode === '404')"
           "      told.textContent = '已扫描，请在手机上确认';"
           "    if (errcode === '403')"
           "      told.textContent = '你已取消登录，可重新扫描';"
           "    setTimeout(ask, 1000);"
           "  }"
           "} ask();</script>";
}

void show_login(world& in, const Request& request, Response& response) {
  ++in.calls["qrconnect"];
  auto problem = qrconnect_problem(request, in.how);
  if (!problem.empty()) {
    answer_problem(response, problem);
    return;
  }
  auto uri = request.get_param_value("redirect_uri");
  auto state = request.get_param_value("state");
  auto id = in.logins.open(uri, state, in.time.now());
  auto target = with_query(uri, "state=" + percent_encode(state) + "&code=");
  auto literal = nlohmann::json(target).dump();
  for (auto at = literal.find("</"); at != std::string::npos;
       at = literal.find("</", at + 1))
    literal.insert(at + 1, "\\");
  answer_page(response, "微信登录",
              "<img alt=\"登录二维码\" src=\"/connect/qrcode/" + id + "\">"
                + polling_script(id, literal));
}

void show_login_code(world& in, const Request& request, Response& response) {
  auto id = request.matches[1].str();
  if (in.logins.find(id, in.time.now()) == nullptr)
    response.status = 404;
  else
    response.set_content(qr_jpeg(in.url("/connect/confirm?uuid=" + id)),
                         "image/jpeg");
}

/// In the words of the platform's own polling: a script of two variables.
void tell_login(world& in, const Request& request, Response& response) {
  const auto* login =
    in.logins.find(request.get_param_value("uuid"), in.time.now());
  auto errcode = [login] {
    if (login == nullptr)
      return 402;
    switch (login->now) {
    case login_desk::state::waiting:
      return 408;
    case login_desk::state::scanned:
      return 404;
    case login_desk::state::refused:
      return 403;
    default:
      return 405;
    }
  }();
  auto code = login == nullptr ? std::string{} : login->code;
  response.set_content("window.wx_errcode=" + std::to_string(errcode)
                         + ";window.wx_code='" + code + "';",
                       "text/javascript");
}

void confirm(world& in, const follower& who, login_desk::login& login) {
  auto now = in.time.now();
  login.now = login_desk::state::confirmed;
  login.code = in.oauth.issue_code({in.how.web_app_id, who.openid,
                                    openid_at(in.how.web_app_id, who.openid),
                                    "snsapi_login"},
                                   now, web_code_lifetime);
}

/// What the phone shows after the scan.
void ask_to_confirm(world& in, const Request& request, Response& response) {
  auto* login = in.logins.find(request.get_param_value("uuid"), in.time.now());
  const auto* who = visitor_of(in, request);
  auto answer = request.get_param_value(answer_name);
  if (login == nullptr) {
    answer_page(response, "二维码已失效", "<p>请在电脑上刷新后重新扫描。</p>");
  } else if (who == nullptr) {
    offer_followers(in, request, response);
  } else if (answer == "allow") {
    confirm(in, *who, *login);
    answer_page(response, "已确认登录", "<p>请回到电脑上继续。</p>");
  } else if (answer == "deny") {
    login->now = login_desk::state::refused;
    answer_page(response, "已取消登录", "<p>可以关闭此页面。</p>");
  } else {
    login->now = login_desk::state::scanned;
    auto with = request.target + '&' + answer_name + '=';
    answer_page(response, "确认在电脑上登录？",
                "<p>以“" + escaped(who->nickname) + "”的身份登录网站应用。</p>"
                  + html_button(with + "allow", "确认登录", true)
                  + html_button(with + "deny", "取消", false));
  }
}

// -- pictures and our own page ------------------------------------------------

void show_portrait(world&, const Request& request, Response& response) {
  response.set_content(portrait_jpeg(request.matches[1].str()), "image/jpeg");
}

void show_page(world&, const Request&, Response& response) {
  response.set_content(page.data(), page.size(), "text/html; charset=utf-8");
}

/// Whether the page at `url` would show itself inside our phone. Asks it
/// without the lock, since it may want something from us to answer.
void tell_frame(world& in, const Request& request, Response& response) {
  auto url = request.get_param_value("url");
  auto allowed = false;
  if (is_on_this_machine(url)) {
    auto where = sms::split_url(url);
    httplib::Client client{where.origin};
    client.set_url_encode(false);
    client.set_read_timeout(frame_patience);
    if (auto page = client.Get(where.path))
      allowed =
        may_be_framed(page->get_header_value("Content-Security-Policy"),
                      page->get_header_value("X-Frame-Options"), in.base_url);
  }
  response.set_content(nlohmann::json{{"allowed", allowed}}.dump(),
                       "application/json");
}

/// What a QR code says, for a browser in place of a phone.
void open_qr_code(world&, const Request& request, Response& response) {
  response.set_redirect("/?scan=" + request.matches[1].str());
}

} // namespace

void add_browser_routes(router& routes, world& in) {
  using shower = void (*)(world&, const Request&, Response&);
  auto shown = [&in](shower show) {
    return [&in, show](const Request& request, Response& response) {
      std::lock_guard lock{in.guard};
      show(in, request, response);
    };
  };
  routes.get("/connect/oauth2/authorize", shown(authorize));
  routes.get("/connect/qrconnect", shown(show_login));
  routes.get("/connect/qrcode/([0-9a-f]+)", shown(show_login_code));
  routes.get("/connect/l/qrconnect", shown(tell_login));
  routes.get("/connect/confirm", shown(ask_to_confirm));
  routes.get("/mmopen/([A-Za-z0-9_-]+)/\\d+", shown(show_portrait));
  routes.get("/q/([A-Za-z0-9_-]+)", shown(open_qr_code));
  routes.get("/control/frame",
             [&in](const Request& request, Response& response) {
               tell_frame(in, request, response);
             });
  routes.get("/", shown(show_page));
}

} // namespace zhiku::sandbox
