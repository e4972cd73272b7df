#pragma once
// The platform's services with the account's tokens. Thread-safe. No CAF.

#include "actors/call_ledger.hpp"
#include "actors/shared_fetch.hpp"
#include "actors/token_keeper.hpp"
#include "wechat/api.hpp"

#include <functional>
#include <memory>
#include <string>

namespace zhiku::actors {

class platform_client {
public:
  /// @param fetchers  for token fetches, which block; must outlive this. End it
  ///                  and `via` before this and what callbacks need
  platform_client(wechat::account who, std::shared_ptr<outgoing::client> via,
                  std::shared_ptr<token_keeper> tokens,
                  std::shared_ptr<call_ledger> ledger, worker_pool& fetchers);

  // -- calls that do not block, for any thread. With a token at hand they go
  // -- out at once; else all who want one wait for the same fetch. `done` as
  // -- for wechat::api, but it may run on a thread of `fetchers` too.

  void exchange_code(const std::string& code,
                     wechat::answer<wechat::visitor> done);

  /// The same for a code of another application of ours.
  void exchange_code_of(const wechat::account& other, const std::string& code,
                        wechat::answer<wechat::visitor> done);

  void make_login_qr(const std::string& scene, std::chrono::seconds lifetime,
                     wechat::answer<wechat::qr_code> done);
  void get_jsapi_ticket(wechat::answer<std::string> done);
  void send_text(const std::string& openid, const std::string& text,
                 wechat::answer<std::monostate> done);

  // -- calls that block

  wechat::result<std::vector<std::string>> callback_addresses();
  wechat::result<wechat::follower_page> followers(const std::string& from);
  wechat::result<std::vector<wechat::private_template>> templates();
  wechat::result<nlohmann::json> menu();
  wechat::result<std::monostate> push_menu(const nlohmann::json& menu);

private:
  template <class T>
  using call_with_token =
    std::function<void(const std::string& token, wechat::answer<T> done)>;

  wechat::api api_of(const wechat::account& who) const;
  void get_token(shared_fetch::callback done);

  template <class T>
  void with_token(call_with_token<T> call, wechat::answer<T> done);

  /// Blocks.
  template <class Work>
  auto with_token(Work work) {
    return tokens_->call(platform_, work);
  }

  std::shared_ptr<outgoing::client> via_;
  std::shared_ptr<token_keeper> tokens_;
  std::shared_ptr<call_ledger> ledger_;
  wechat::api platform_;
  shared_fetch token_;  ///< key: the one refused, or ""
  shared_fetch ticket_; ///< key: ""
};

} // namespace zhiku::actors
