#pragma once
// The platform's services for the front door: several calls at a time, each
// over a connection that is lent to it. Blocking, thread-safe. No CAF.

#include "actors/call_ledger.hpp"
#include "actors/token_keeper.hpp"
#include "wechat/api.hpp"

#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace zhiku::actors {

class platform_desk {
public:
  platform_desk(wechat::account who, std::shared_ptr<token_keeper> tokens,
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
  auto lend(Work work) {
    auto platform = take();
    auto answer = work(*platform);
    give_back(std::move(platform));
    return answer;
  }

  template <class Work>
  auto lend_with_token(Work work) {
    return lend([&](wechat::api& platform) {
      return tokens_->call(platform, [&](const std::string& token) {
        return work(platform, token);
      });
    });
  }

  std::unique_ptr<wechat::api> take();
  void give_back(std::unique_ptr<wechat::api> one);

  const wechat::account who_;
  std::shared_ptr<token_keeper> tokens_;
  std::shared_ptr<call_ledger> ledger_;
  std::mutex mutex_;
  std::deque<std::unique_ptr<wechat::api>> idle_;
};

} // namespace zhiku::actors
