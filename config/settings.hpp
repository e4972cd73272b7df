#pragma once
// Everything an operator may set, typed: defaults < TOML file < environment.
// The member initialisers are the defaults to ship. Values read from secret
// files are held here in clear, so a `settings` is never logged.

#include "base/log.hpp"
#include "domain/notice/delivery.hpp"
#include "domain/settings.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::config {

using std::chrono::seconds;
using text_map = std::map<std::string, std::string>;

struct http_settings {
  std::string address = "127.0.0.1";
  int port = 8080;
  std::string public_base_url = "http://127.0.0.1:8080"; ///< no final slash
  int workers = 4;
  int max_in_flight = 4096; ///< requests being answered; above it, 503
  bool secure_cookies = true;
  /// The proxies whose X-Forwarded-For is believed, each an address or a
  /// network, separated by commas; "none" when clients connect directly; ""
  /// until somebody has said.
  std::string trusted_proxies;
  /// What /metrics, /docs, /openapi.json and the details of /readyz ask for as
  /// a bearer token; "": they are open in development, closed in production.
  std::string internal_token;
};

struct database_settings {
  std::string dsn;
  bool allow_unverified_tls = false;
  int writers = 2;
  int readers = 4;
};

/// All keys are 32 raw bytes, already read from where the file points.
struct keys_settings {
  text_map wrapping; ///< key id -> key
  std::string current;
  std::string lookup;
};

/// 明文, 兼容 and 安全 mode of the platform's callback.
enum class message_mode { plain, compatible, safe };

/// What becomes of genuine pushes from where the platform does not call.
enum class source_policy { off, warn, refuse };

struct wechat_settings {
  std::string app_id;
  std::string app_secret;
  std::string token;
  std::string encoding_aes_key;          ///< 43 characters of base64
  std::string previous_encoding_aes_key; ///< "" unless a change is under way
  message_mode mode = message_mode::safe;
  std::string api_base = "https://api.weixin.qq.com";
  std::string open_base = "https://open.weixin.qq.com";
  std::string mp_base = "https://mp.weixin.qq.com";
  bool browser_only = true; ///< menu links turn other browsers away
  /// Pushes dated further off are refused; 0: not looked at.
  seconds max_skew{600};
  source_policy source_check = source_policy::warn;
  std::string menu;         ///< path of the menu's file, for `zhiku menu`
  text_map site_files;      ///< MP_verify_….txt -> its content
  text_map quotas;          ///< API's path -> calls a day, as text
  std::string login_app_id; ///< website application (open platform), or ""
  std::string login_app_secret;
};

enum class sms_carrier { tencent, aliyun };

struct sms_settings {
  sms_carrier carrier = sms_carrier::tencent;
  std::string base_url; ///< "": the carrier's own address
  std::string secret_id;
  std::string secret_key;
  std::string app_id;
  std::string sign_name;
  text_map templates;      ///< "code" or a notification event -> template id
  std::string report_path; ///< secret part of the reports' URL; "": none taken
};

struct notifications_settings {
  text_map templates;     ///< notification event -> WeChat template id
  text_map subscriptions; ///< the same for subscription notices
  std::string catalogue;  ///< path of the catalogue's file; "": built in
  domain::notice::catalogue kinds; ///< as read from there
  domain::notice::limits within;
};

struct journal_settings {
  int max_batch = 512;
  int snapshot_every = 200;
};

struct entities_settings {
  seconds idle{300};
  int max_resident = 200'000;
};

struct runtime_settings {
  seconds shutdown{20};
  bool development = false; ///< allows what must never be in production
};

struct session_settings {
  seconds idle{30 * 60};
  seconds absolute{12 * 3600};
};

struct log_settings {
  log::level level = log::level::info;
};

struct metrics_settings {
  bool enabled = true;
};

struct settings {
  http_settings http;
  database_settings database;
  keys_settings keys;
  wechat_settings wechat;
  sms_settings sms;
  sms_settings sms_second; ///< takes over when the first cannot; may be empty
  notifications_settings notifications;
  domain::policy policy;
  journal_settings journal;
  entities_settings entities;
  runtime_settings runtime;
  session_settings session;
  log_settings log;
  metrics_settings metrics;
};

/// One thing that is wrong. Never holds a value, so it may be printed.
struct problem {
  std::string where; ///< "file.toml:12", "ZHIKU_HTTP_PORT", or "" when absent
  std::string key;   ///< "http.port"
  std::string what;  ///< "must be a whole number from 1 to 65535"

  bool operator==(const problem&) const = default;
};

/// The entries of a comma-separated list, without blanks around them.
std::vector<std::string> list_of(std::string_view text);

/// "file.toml:12: http.port must be …"
std::string to_text(const problem& wrong);

struct loaded {
  settings values; ///< to be used only when there are no problems
  std::vector<problem> problems;
};

/// Gives the value of an environment variable, or nothing.
using environment =
  std::function<std::optional<std::string>(const std::string& name)>;

/// Reads this process's environment. Call before threads change it.
std::optional<std::string> process_environment(const std::string& name);

/// Reads the TOML file at `path` ("" means none), then the environment over
/// it: `ZHIKU_<TABLE>_<KEY>`, and `…_FILE` for what is secret. Reports every
/// problem at once and throws nothing. Secret files named in the TOML file are
/// found relative to its folder.
loaded load(const std::string& path, const environment& env);

/// The text of `zhiku.example.toml`: every setting with its sentence and its
/// default, or an example where a default cannot be.
std::string example_toml();

} // namespace zhiku::config
