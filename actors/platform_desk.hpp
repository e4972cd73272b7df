#pragma once
// The platform's services for the front door. Blocking, thread-safe. No CAF.

#include "actors/call_ledger.hpp"
#include "actors/token_keeper.hpp"
#include "wechat/api.hpp"

#include <memory>
#include <string>

namespace zhiku::actors {

class platform_desk {
public:
  platform_desk(wechat::account who, std::shared_ptr<outgoing::client> via,
                std::shared_ptr<token_keeper> tokens,
                std::shared_ptr<call_ledger> ledger);

  wechat::result<wechat::visitor> exchange_code(const std::string& code);

  /// The same for a code of another application of ours.
  wechat::result<wechat::visitor> exchange_code_of(const wechat::account& other,
                                                   const std::string& code);

  wechat::result<wechat::qr_code> login_qr(const std::string& scene,
                                           std::chrono::seconds lifetime);
  wechat::result<std::string> jsapi_ticket();
  wechat::result<std::vector<std::string>> callback_addresses();
  wechat::result<wechat::follower_page> followers(const std::string& from);
  wechat::result<std::vector<wechat::private_template>> templates();
  wechat::result<std::monostate> send_text(const std::string& openid,
                                           const std::string& text);
  wechat::result<nlohmann::json> menu();
  wechat::result<std::monostate> push_menu(const nlohmann::json& menu);

private:
  template <class Work>
  auto with_token(Work work) {
    return tokens_->call(platform_, work);
  }

  wechat::api api_of(const wechat::account& who) const;

  std::shared_ptr<outgoing::client> via_;
  std::shared_ptr<token_keeper> tokens_;
  std::shared_ptr<call_ledger> ledger_;
  wechat::api platform_;
};

} // namespace zhiku::actors
