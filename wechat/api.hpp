#pragma once
// The calls we make to the platform (PROTOCOL 2 to 7). Those that give their
// answer to a callback return at once; all others block, for a thread of the
// caller's own, up to `call_timeouts::total` in the worst case.

#include "outgoing/client.hpp"
#include "wechat/result.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::wechat {

struct account {
  std::string app_id;
  std::string app_secret;
  std::string api_base = "https://api.weixin.qq.com";
  std::string open_base = "https://open.weixin.qq.com";
  std::string mp_base = "https://mp.weixin.qq.com";
};

struct call_timeouts {
  std::chrono::milliseconds connect{3000};
  std::chrono::milliseconds total{11'000}; ///< files may take longer
};

/// Takes what a call came to. Called once, on the thread of the client, or on
/// the caller's before the call returns; must neither block nor throw.
template <class T>
using answer = std::function<void(result<T>)>;

/// Who came back from the authorisation page. The tokens are the person's, not
/// the account's, and never leave the server.
struct visitor {
  std::string openid;
  std::string unionid; ///< often empty
  std::string scope;
  /// The openid is a virtual one: never bind it, never log it in.
  bool is_snapshotuser = false;
  std::string access_token;
  std::string refresh_token; ///< good for 30 days
  std::chrono::seconds expires_in{0};
};

/// What a person lets be seen under `scope_userinfo`.
struct profile {
  std::string openid;
  std::string unionid; ///< often empty
  std::string nickname;
  std::string headimgurl;
};

struct token_grant {
  std::string token;
  std::chrono::seconds expires_in{0};
};

struct ticket_grant {
  std::string ticket;
  std::chrono::seconds expires_in{0};
};

/// `data` holds each field's text, already fitted (template_rules.hpp).
struct template_message {
  std::string touser;
  std::string template_id;
  std::string url;           ///< empty: the card opens nothing
  std::string client_msg_id; ///< same id within 10 minutes: sent once
  std::map<std::string, std::string> data;
};

/// One template of the account, as its console shows it.
struct private_template {
  std::string template_id;
  std::string title;
  std::string content; ///< `fields_of_template` reads it
  std::string example;
};

/// A subscription notice, which needs the person's consent for its template.
struct subscription_message {
  std::string touser;
  std::string template_id;
  std::string page; ///< empty: the card opens nothing
  std::map<std::string, std::string> data;
};

/// What a person sent from the phone, whole in memory.
struct media_file {
  std::string bytes;
  std::string_view type; ///< sniffed, `media_type_of`; empty: none we know
};

struct qr_code {
  std::string ticket;
  std::string url; ///< what the QR code says
  std::chrono::seconds expires_in{0};
};

struct follower {
  std::string openid;
  std::string unionid;
  bool subscribed = false;
  std::chrono::sys_seconds subscribed_at{};
};

/// Some of the account's followers.
struct follower_page {
  std::int64_t total = 0; ///< of all pages
  std::vector<std::string> openids;
  std::string next_openid; ///< ask for the page after it; empty: no more
};

/// What is left today of one API's calls.
struct quota {
  std::int64_t daily_limit = 0;
  std::int64_t used = 0;
  std::int64_t remaining = 0;
};

/// One call, for a ledger. Holds no token, no openid and no query.
struct call_report {
  std::string path;              ///< "/cgi-bin/message/template/send"
  std::optional<failure> failed; ///< none: the platform answered as asked
  int errcode = 0;               ///< of failure::platform
  std::chrono::microseconds took{0};
};

/// Phones send images of up to 10 MB.
inline constexpr std::size_t max_media_bytes = std::size_t{10} * 1024 * 1024;

/// The calls of one account. Thread-safe, but for `observe`. No call throws for
/// what the network or the platform does. Tokens come from
/// `stable_token`; on 40001, 40014, 42001 ask it once more, without force, and
/// repeat the call once (errcode.hpp says when).
class api {
public:
  /// @pre `via` is not null; those who wait do not on its thread
  api(account who, std::shared_ptr<outgoing::client> via,
      call_timeouts timeouts = {});
  ~api();
  api(api&&) noexcept;
  api& operator=(api&&) noexcept;

  /// `seen` is called after each call, on the thread that gets the answer; it
  /// must neither block nor throw. An empty one ends it. Before the first call.
  void observe(std::function<void(const call_report&)> seen);

  // -- people who authorise ---------------------------------------------------

  /// A code is good for one call, whatever its outcome.
  result<visitor> exchange_code(std::string_view code);
  void exchange_code(std::string_view code, answer<visitor> done);

  /// 42002, 42007: the person must authorise again.
  result<visitor> refresh_visitor(std::string_view refresh_token);

  /// Of a visitor who came with `scope_userinfo`; else 48001.
  result<profile> visitor_profile(std::string_view access_token,
                                  std::string_view openid);

  /// Whether the person's token is still good; 40003 when it is not.
  result<std::monostate> check_visitor(std::string_view access_token,
                                       std::string_view openid);

  // -- the account's credentials ----------------------------------------------

  /// @param force  kills the former token at once; only after a leak
  result<token_grant> stable_token(bool force = false);

  result<ticket_grant> get_ticket(const std::string& token);

  // -- messages ---------------------------------------------------------------

  /// The msgid, as the later TEMPLATESENDJOBFINISH gives it. A value means
  /// accepted, not delivered.
  result<std::string> send_template(const std::string& token,
                                    const template_message& message);

  result<std::vector<private_template>>
  private_templates(const std::string& token);

  /// 43101: no consent, or none left.
  result<std::monostate> send_subscription(const std::string& token,
                                           const subscription_message& message);

  /// A customer service text, to somebody who wrote, tapped or scanned within
  /// the last 48 hours; else 45015.
  result<std::monostate> send_customer_text(const std::string& token,
                                            std::string_view openid,
                                            std::string_view text);
  void send_customer_text(const std::string& token, std::string_view openid,
                          std::string_view text, answer<std::monostate> done);

  // -- menu, QR code, media ---------------------------------------------------

  /// A temporary QR code for `scene` (1 to 64 characters).
  result<qr_code> create_qr_code(const std::string& token,
                                 std::string_view scene,
                                 std::chrono::seconds lifetime);
  void create_qr_code(const std::string& token, std::string_view scene,
                      std::chrono::seconds lifetime, answer<qr_code> done);

  /// Replaces the whole menu; `menu` is `{"button": […]}`, see menu.hpp.
  result<std::monostate> create_menu(const std::string& token,
                                     const nlohmann::json& menu);

  /// The menu as the platform tells it; errcode 46003 when there is none.
  result<nlohmann::json> get_menu(const std::string& token);

  result<std::monostate> delete_menu(const std::string& token);

  /// A file sent within the last 3 days; later, or never, 40007. Larger than
  /// `max_bytes` is a failure::malformed, and is not read to its end.
  result<media_file> get_media(const std::string& token,
                               std::string_view media_id,
                               std::size_t max_bytes = max_media_bytes);

  // -- followers --------------------------------------------------------------

  result<follower> user_info(const std::string& token, std::string_view openid);

  /// In the platform's order. @pre 1 to 100 openids
  result<std::vector<follower>>
  user_infos(const std::string& token, std::span<const std::string> openids);

  /// Up to 10,000 openids after `from`; empty: from the first.
  result<follower_page> followers(const std::string& token,
                                  std::string_view from = {});

  // -- addresses and quotas ---------------------------------------------------

  /// Whence the platform calls us: addresses and networks, see ip_ranges.hpp.
  result<std::vector<std::string>> callback_addresses(const std::string& token);

  /// Whom we call.
  result<std::vector<std::string>> api_addresses(const std::string& token);

  /// Sets the day's counts of all APIs to 0; ten times a month, then 48006.
  result<std::monostate> clear_quota(const std::string& token);

  /// The same by the secret, for when no token can be had.
  result<std::monostate> clear_quota_by_secret();

  /// @param path  of the API, such as "/cgi-bin/message/template/send"
  result<quota> quota_of(const std::string& token, std::string_view path);

private:
  struct connection;

  std::shared_ptr<connection> connection_; ///< shared with calls under way
};

/// Where the image of a QR code with this ticket is.
std::string qr_image_url(std::string_view mp_base, std::string_view ticket);

} // namespace zhiku::wechat
