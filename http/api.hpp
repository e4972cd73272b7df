#pragma once
// The one public entry of the front door's API: everything behind a handler.

#include "actors/gateway.hpp"
#include "base/ip_ranges.hpp"
#include "domain/settings.hpp"
#include "http/server.hpp"
#include "http/session.hpp"
#include "persistence/database.hpp"
#include "persistence/vault.hpp"
#include "wechat/callback.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace soci {
class session;
}
namespace prometheus {
class Registry;
}

namespace zhiku::http {

struct api_settings {
  std::string public_base_url; ///< no final slash
  std::string wechat_app_id;
  std::string wechat_open_base; ///< https://open.weixin.qq.com
  bool secure_cookies = true;
  /// Whether `/wechat/enter` turns other browsers away (edge 19); a sandbox is
  /// tried out in ordinary ones.
  bool wechat_browser_only = false;
  /// The proxies whose X-Forwarded-For is believed.
  ip_ranges trusted_proxies;
  /// What operations of `access::level::internal` ask for as a bearer token.
  std::string internal_token;
  /// Whether those are open when there is no token; else they are closed.
  bool internal_is_open = false;
  session_limits sessions;
  domain::policy rules;
  /// How long a person's question may wait for its answer; then WeChat is told
  /// `success` and the answer goes through `send_later`.
  std::chrono::milliseconds push_patience{1000};
  seconds login_ticket_lifetime{180};
  /// QR codes for logins that one address may ask for in an hour; an office of
  /// many people has one address.
  int login_tickets_per_hour = 240;
  /// Served at the root, name to content: MP_verify_….txt proves to the
  /// platform that a domain is ours.
  std::map<std::string, std::string> root_files;
  /// The one origin that may show our pages in a frame: the sandbox's phone, in
  /// development; "": none.
  std::string framed_by;
  /// Whether pushes from where the platform does not call are turned away.
  bool refuse_foreign_pushes = false;
  std::string sms_report_path; ///< secret; "": no reports are taken
  /// Of a website application on the open platform, whose code may be scanned
  /// at `/login/wechat` too; "": none.
  std::string login_app_id;
};

/// Who came back from an authorisation.
struct oauth_person {
  std::string openid;
  bool snapshot = false;    ///< a virtual identity: never to be logged in
  std::string unionid = {}; ///< often empty
};

/// Exchanges a code. `done` is called once, on any thread, and must not block.
/// `not_authenticated`: the platform does not take the code (used, too old).
using oauth_exchange = std::function<void(
  std::string code, std::function<void(domain::result<oauth_person>)> done)>;

/// What the platform tells of a message it had accepted (PROTOCOL 1.6).
struct receipt {
  /// The msgid that sending a template message was answered. A subscription
  /// message's is told here first.
  std::string platform_id;
  /// In the platform's words: "success", "failed:user block", and of a
  /// subscription message "failed:" with its error code and words.
  std::string status;
  instant at;
  // Of a subscription message only: to whom, by which template.
  std::string openid = {};
  std::string template_id = {};
};

/// What a follower decided about a subscription message.
struct consent {
  std::string openid;
  std::string template_id;
  bool accepted = false;
  instant at;
};

/// Makes a QR code of the account for a scene, for so long; gives what the code
/// says. `done` is called once, on any thread, and must not block.
using qr_maker =
  std::function<void(std::string scene, seconds lifetime,
                     std::function<void(domain::result<std::string>)> done)>;

/// The account's JS-SDK ticket, cached by whoever provides it. `done` is called
/// once, on any thread, and must not block.
using ticket_source =
  std::function<void(std::function<void(domain::result<std::string>)> done)>;

/// Whether this node may get traffic, and what an operator should know.
struct readiness {
  bool ready = false;
  domain::json detail = domain::json::object();
};

/// What the handlers work with. The references must outlive the handler and
/// every request it was given.
struct api_dependencies {
  actors::gateway& gateway;
  persistence::pool& readers;
  persistence::vault& vault;
  const wechat::callback& callback;
  api_settings settings;
  oauth_exchange exchange;
  std::function<readiness()> ready; ///< may block: runs offloaded
  /// In Prometheus' text format; empty: there is no /metrics.
  std::function<std::string()> metrics_text;
  std::shared_ptr<prometheus::Registry> registry; ///< not null

  // The platform's other doings. Those left empty are not offered. Pushes come
  // once or more often: a repeat must do no harm. May block, must not throw.

  qr_maker make_login_qr = {};
  oauth_exchange login_exchange = {}; ///< with the website application's keys
  ticket_source jsapi_ticket = {};
  /// Whether the platform says that it calls from there; must not block.
  std::function<bool(const std::string& address)> known_source = {};
  /// In the transaction that keeps the pushes; may throw what SOCI throws. Told
  /// again when that is rolled back: act through the session alone.
  std::function<void(soci::session&, const std::vector<receipt>&)> on_receipts =
    {};
  std::function<void(soci::session&, const consent&)> on_consent = {};
  /// Sends a follower a text that came too late for the push it answers.
  std::function<void(std::string openid, std::string text)> send_later = {};
};

/// The handler for `server`. Thread-safe; copies share one state.
handler make_api(api_dependencies with);

/// For `server_options::render_error`: the server's own errors as problem
/// documents.
/// @param secure  the site is reached over HTTPS only
std::function<response(int status)> error_renderer(bool secure);

} // namespace zhiku::http
