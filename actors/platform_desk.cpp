#include "actors/platform_desk.hpp"

namespace zhiku::actors {

platform_desk::platform_desk(wechat::account who,
                             std::shared_ptr<outgoing::client> via,
                             std::shared_ptr<token_keeper> tokens,
                             std::shared_ptr<call_ledger> ledger)
    : via_(std::move(via)), tokens_(std::move(tokens)),
      ledger_(std::move(ledger)), platform_(api_of(who)) {
  // nop
}

wechat::api platform_desk::api_of(const wechat::account& who) const {
  wechat::api made{who, via_};
  made.observe([ledger = ledger_](const auto& call) { ledger->count(call); });
  return made;
}

wechat::result<wechat::visitor>
platform_desk::exchange_code(const std::string& code) {
  return platform_.exchange_code(code);
}

wechat::result<wechat::visitor>
platform_desk::exchange_code_of(const wechat::account& other,
                                const std::string& code) {
  return api_of(other).exchange_code(code);
}

wechat::result<wechat::qr_code>
platform_desk::login_qr(const std::string& scene,
                        std::chrono::seconds lifetime) {
  return with_token([&](const std::string& token) {
    return platform_.create_qr_code(token, scene, lifetime);
  });
}

wechat::result<std::string> platform_desk::jsapi_ticket() {
  return tokens_->jsapi_ticket(platform_);
}

wechat::result<std::vector<std::string>> platform_desk::callback_addresses() {
  return with_token([&](const std::string& token) {
    return platform_.callback_addresses(token);
  });
}

wechat::result<wechat::follower_page>
platform_desk::followers(const std::string& from) {
  return with_token(
    [&](const std::string& token) { return platform_.followers(token, from); });
}

wechat::result<std::vector<wechat::private_template>>
platform_desk::templates() {
  return with_token([&](const std::string& token) {
    return platform_.private_templates(token);
  });
}

wechat::result<std::monostate>
platform_desk::send_text(const std::string& openid, const std::string& text) {
  return with_token([&](const std::string& token) {
    return platform_.send_customer_text(token, openid, text);
  });
}

wechat::result<nlohmann::json> platform_desk::menu() {
  return with_token(
    [&](const std::string& token) { return platform_.get_menu(token); });
}

wechat::result<std::monostate>
platform_desk::push_menu(const nlohmann::json& menu) {
  return with_token([&](const std::string& token) {
    return platform_.create_menu(token, menu);
  });
}

} // namespace zhiku::actors
