#pragma once
// The calls we make to the platform (PROTOCOL 2 to 7). Blocking, for a worker
// thread of its own: a call takes up to `call_timeouts` in the worst case.

#include "wechat/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

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
  std::chrono::milliseconds answer{8000};
};

/// Who came back from the authorisation page.
struct visitor {
  std::string openid;
  std::string unionid; ///< often empty
  std::string scope;
  /// The openid is a virtual one: never bind it, never log it in.
  bool is_snapshotuser = false;
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

/// One keep-alive connection to one account. Not thread-safe: one each thread.
/// No call throws for what the network or the platform does. Tokens come from
/// `stable_token`; on 40001, 40014, 42001 ask it once more, without force, and
/// repeat the call once (errcode.hpp says when).
class api {
public:
  explicit api(account who, call_timeouts timeouts = {});
  ~api();
  api(api&&) noexcept;
  api& operator=(api&&) noexcept;

  /// A code is good for one call, whatever its outcome.
  result<visitor> exchange_code(std::string_view code);

  /// @param force  kills the former token at once; only after a leak
  result<token_grant> stable_token(bool force = false);

  /// The msgid, as the later TEMPLATESENDJOBFINISH gives it. A value means
  /// accepted, not delivered.
  result<std::string> send_template(const std::string& token,
                                    const template_message& message);

  result<ticket_grant> get_ticket(const std::string& token);

  /// A temporary QR code for `scene` (1 to 64 characters).
  result<qr_code> create_qr_code(const std::string& token,
                                 std::string_view scene,
                                 std::chrono::seconds lifetime);

  /// Replaces the whole menu; `menu` is `{"button": […]}`.
  result<std::monostate> create_menu(const std::string& token,
                                     const nlohmann::json& menu);

  /// The menu as the platform tells it; errcode 46003 when there is none.
  result<nlohmann::json> get_menu(const std::string& token);

  result<std::monostate> delete_menu(const std::string& token);

  result<follower> user_info(const std::string& token, std::string_view openid);

private:
  struct connection;

  std::unique_ptr<connection> connection_;
};

/// Where the image of a QR code with this ticket is.
std::string qr_image_url(std::string_view mp_base, std::string_view ticket);

} // namespace zhiku::wechat
