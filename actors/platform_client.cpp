#include "actors/platform_client.hpp"

namespace zhiku::actors {

using wechat::answer;
using wechat::result;

platform_client::platform_client(wechat::account who,
                                 std::shared_ptr<outgoing::client> via,
                                 std::shared_ptr<token_keeper> tokens,
                                 std::shared_ptr<call_ledger> ledger,
                                 worker_pool& fetchers)
    : via_(std::move(via)), tokens_(std::move(tokens)),
      ledger_(std::move(ledger)), platform_(api_of(who)),
      token_(fetchers,
             [this](const std::string& refused) {
               return refused.empty() ? tokens_->get(platform_)
                                      : tokens_->replace(refused, platform_);
             }),
      ticket_(fetchers, [this](const std::string&) {
        return tokens_->jsapi_ticket(platform_);
      }) {
  // nop
}

wechat::api platform_client::api_of(const wechat::account& who) const {
  wechat::api made{who, via_};
  made.observe([ledger = ledger_](const auto& call) { ledger->count(call); });
  return made;
}

// -- tokens -------------------------------------------------------------------

void platform_client::get_token(shared_fetch::callback done) {
  auto known = tokens_->held();
  if (!known.text)
    return token_.get({}, std::move(done));
  if (known.is_due)
    token_.get({}, {});
  done(*known.text);
}

template <class T>
void platform_client::with_token(call_with_token<T> call, answer<T> done) {
  get_token([this, call = std::move(call),
             done = std::move(done)](const result<std::string>& token) {
    if (!token)
      return done(token.error());
    call(*token, [this, call, done, token = *token](result<T> got) {
      if (!tokens_->is_refused(token, got))
        return done(std::move(got));
      token_.get(token, [call, done](const result<std::string>& other) {
        if (!other)
          return done(other.error());
        call(*other, done);
      });
    });
  });
}

// -- calls that do not block --------------------------------------------------

void platform_client::exchange_code(const std::string& code,
                                    answer<wechat::visitor> done) {
  platform_.exchange_code(code, std::move(done));
}

void platform_client::exchange_code_of(const wechat::account& other,
                                       const std::string& code,
                                       answer<wechat::visitor> done) {
  api_of(other).exchange_code(code, std::move(done));
}

void platform_client::make_login_qr(const std::string& scene,
                                    std::chrono::seconds lifetime,
                                    answer<wechat::qr_code> done) {
  with_token<wechat::qr_code>(
    [this, scene, lifetime](const std::string& token, auto told) {
      platform_.create_qr_code(token, scene, lifetime, std::move(told));
    },
    std::move(done));
}

void platform_client::get_jsapi_ticket(answer<std::string> done) {
  auto known = tokens_->held_ticket();
  if (!known.text)
    return ticket_.get({}, std::move(done));
  if (known.is_due)
    ticket_.get({}, {});
  done(*known.text);
}

void platform_client::send_text(const std::string& openid,
                                const std::string& text,
                                answer<std::monostate> done) {
  with_token<std::monostate>(
    [this, openid, text](const std::string& token, auto told) {
      platform_.send_customer_text(token, openid, text, std::move(told));
    },
    std::move(done));
}

// -- calls that block ---------------------------------------------------------

wechat::result<std::vector<std::string>> platform_client::callback_addresses() {
  return with_token([&](const std::string& token) {
    return platform_.callback_addresses(token);
  });
}

wechat::result<wechat::follower_page>
platform_client::followers(const std::string& from) {
  return with_token(
    [&](const std::string& token) { return platform_.followers(token, from); });
}

wechat::result<std::vector<wechat::private_template>>
platform_client::templates() {
  return with_token([&](const std::string& token) {
    return platform_.private_templates(token);
  });
}

wechat::result<nlohmann::json> platform_client::menu() {
  return with_token(
    [&](const std::string& token) { return platform_.get_menu(token); });
}

wechat::result<std::monostate>
platform_client::push_menu(const nlohmann::json& menu) {
  return with_token([&](const std::string& token) {
    return platform_.create_menu(token, menu);
  });
}

} // namespace zhiku::actors
