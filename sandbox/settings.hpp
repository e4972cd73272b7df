#pragma once
// What the sandbox has to know about the account it plays.

#include "wechat/callback.hpp"

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace zhiku::sandbox {

struct settings {
  int port = 8090; ///< on 127.0.0.1 only; 0: any free one
  std::string callback = "http://127.0.0.1:8080/wechat/callback";

  std::string app_id = "wx0000000000000001";
  std::string app_secret = "sandbox-app-secret";
  std::string web_app_id = "wx0000000000000002"; ///< the website application
  std::string web_app_secret = "sandbox-web-secret";
  bool bound = true; ///< both to one open platform account: there are unionids
  std::string token = "sandboxtoken";
  std::string encoding_aes_key; ///< needed in all modes but plain
  wechat::push_mode mode = wechat::push_mode::plain;

  std::string sms_secret_id = "sandbox";
  std::string sms_secret_key = "sandbox-sms-secret";

  /// Where delivery reports go, `{carrier}` in it standing for `tencent` or
  /// `aliyun`; empty: nowhere.
  std::string sms_report_url;
  std::chrono::milliseconds sms_report_delay{1000};
  std::vector<std::chrono::milliseconds> sms_report_retries{
    std::chrono::minutes{1}, std::chrono::minutes{5}, std::chrono::minutes{10}};

  // The platform's patience with the callback; tests shorten it.
  std::chrono::milliseconds push_patience{5000};
  std::chrono::milliseconds push_retry_after{5000};
  int push_retries = 3;
  std::chrono::milliseconds hang{60'000}; ///< how long a hung call says nothing

  std::size_t threads =
    256; ///< calls answered at once; late ones hold one each
};

/// The account of a Zhiku configuration file: `[wechat]` and the secrets of
/// `[sms]`. Keys that are absent keep their value in `base`. Nothing, and why
/// in `problem`, when the file cannot be read.
std::optional<settings> load_settings(const std::string& path, settings base,
                                      std::string& problem);

} // namespace zhiku::sandbox
