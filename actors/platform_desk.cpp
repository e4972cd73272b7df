#include "actors/platform_desk.hpp"

namespace zhiku::actors {

platform_desk::platform_desk(wechat::account who,
                             std::shared_ptr<token_keeper> tokens,
                             std::shared_ptr<call_ledger> ledger)
    : who_(std::move(who)), tokens_(std::move(tokens)),
      ledger_(std::move(ledger)) {
  // nop
}

std::unique_ptr<wechat::api> platform_desk::take() {
  {
    std::lock_guard lock{mutex_};
    if (!idle_.empty()) {
      auto one = std::move(idle_.back());
      idle_.pop_back();
      return one;
    }
  }
  auto made = std::make_unique<wechat::api>(who_);
  made->observe([ledger = ledger_](const auto& call) { ledger->count(call); });
  return made;
}

void platform_desk::give_back(std::unique_ptr<wechat::api> one) {
  std::lock_guard lock{mutex_};
  idle_.push_back(std::move(one));
}

wechat::result<wechat::visitor>
platform_desk::exchange_code(const std::string& code) {
  return lend(
    [&](wechat::api& platform) { return platform.exchange_code(code); });
}

wechat::result<wechat::visitor>
platform_desk::exchange_code_of(const wechat::account& other,
                                const std::string& code) {
  // Too seldom for a connection of its own to be kept.
  wechat::api platform{other};
  platform.observe(
    [ledger = ledger_](const auto& call) { ledger->count(call); });
  return platform.exchange_code(code);
}

wechat::result<wechat::qr_code>
platform_desk::login_qr(const std::string& scene,
                        std::chrono::seconds lifetime) {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.create_qr_code(token, scene, lifetime);
  });
}

wechat::result<std::string> platform_desk::jsapi_ticket() {
  return lend(
    [&](wechat::api& platform) { return tokens_->jsapi_ticket(platform); });
}

wechat::result<std::vector<std::string>> platform_desk::callback_addresses() {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.callback_addresses(token);
  });
}

wechat::result<wechat::follower_page>
platform_desk::followers(const std::string& from) {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.followers(token, from);
  });
}

wechat::result<std::vector<wechat::private_template>>
platform_desk::templates() {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.private_templates(token);
  });
}

wechat::result<std::monostate>
platform_desk::send_text(const std::string& openid, const std::string& text) {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.send_customer_text(token, openid, text);
  });
}

wechat::result<nlohmann::json> platform_desk::menu() {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.get_menu(token);
  });
}

wechat::result<std::monostate>
platform_desk::push_menu(const nlohmann::json& menu) {
  return lend_with_token([&](wechat::api& platform, const std::string& token) {
    return platform.create_menu(token, menu);
  });
}

} // namespace zhiku::actors
