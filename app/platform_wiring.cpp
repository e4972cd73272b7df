#include "app/platform_wiring.hpp"

#include "app/wiring.hpp"
#include "base/log.hpp"
#include "persistence/queries/receipts.hpp"
#include "wechat/errcode.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::app {

namespace {

using actors::platform_desk;
using domain::errc;
using domain::result;

/// Makes a call of the platform on a worker thread. `done` gets what `taken`
/// makes of the answer, `refused_as` when the platform says no, or
/// `unavailable` when it is away.
template <class Value, class Call, class Take>
void ask_platform(actors::system& system, errc refused_as, Call call,
                  Take taken, std::function<void(result<Value>)> done) {
  auto refused = [done] { done(errc::busy); };
  system.offload_platform(
    [&system, refused_as, call = std::move(call), taken = std::move(taken),
     done = std::move(done)] {
      auto answer = call(system.platform());
      if (answer)
        return done(taken(*answer));
      log::warn("platform does not answer as asked",
                {{"errcode", answer.error().errcode},
                 {"errmsg", answer.error().errmsg}});
      done(answer.error().kind == wechat::failure::platform
             ? refused_as
             : errc::unavailable);
    },
    std::move(refused));
}

http::oauth_person person_of(const wechat::visitor& who) {
  return {who.openid, who.is_snapshotuser, who.unionid};
}

http::oauth_exchange exchange_by(actors::system& system) {
  return [&system](std::string code, auto done) {
    ask_platform<http::oauth_person>(
      system, errc::not_authenticated,
      [code = std::move(code)](platform_desk& platform) {
        return platform.exchange_code(code);
      },
      person_of, std::move(done));
  };
}

/// With the keys of the website application; empty when there is none.
http::oauth_exchange login_exchange_by(actors::system& system,
                                       const config::settings& how) {
  if (how.wechat.login_app_id.empty())
    return {};
  auto website = account_of(how);
  website.app_id = how.wechat.login_app_id;
  website.app_secret = how.wechat.login_app_secret;
  return [&system, website](std::string code, auto done) {
    ask_platform<http::oauth_person>(
      system, errc::not_authenticated,
      [website, code = std::move(code)](platform_desk& platform) {
        return platform.exchange_code_of(website, code);
      },
      person_of, std::move(done));
  };
}

http::qr_maker qr_by(actors::system& system) {
  return [&system](std::string scene, domain::seconds lifetime, auto done) {
    ask_platform<std::string>(
      system, errc::unavailable,
      [scene = std::move(scene), lifetime](platform_desk& platform) {
        return platform.login_qr(scene, lifetime);
      },
      [](const wechat::qr_code& code) { return code.url; }, std::move(done));
  };
}

http::ticket_source ticket_by(actors::system& system) {
  return [&system](auto done) {
    ask_platform<std::string>(
      system, errc::unavailable,
      [](platform_desk& platform) { return platform.jsapi_ticket(); },
      [](const std::string& ticket) { return ticket; }, std::move(done));
  };
}

persistence::receipt receipt_of(const http::receipt& told) {
  auto advice = wechat::advice_for_report(told.status);
  persistence::receipt news;
  news.platform_id = told.platform_id;
  news.delivered = advice.step == wechat::next_step::nothing;
  news.renew = advice.retry == wechat::retry_class::backoff;
  news.refused = advice.mark == wechat::person_mark::refused_template;
  news.detail = told.status.substr(0, 100);
  news.at = told.at;
  if (!told.template_id.empty())
    news.via = domain::notice::route::subscription;
  news.openid = told.openid;
  news.template_id = told.template_id;
  return news;
}

} // namespace

void offer_platform(http::api_dependencies& with, actors::system& system,
                    const config::settings& how) {
  with.exchange = exchange_by(system);
  with.login_exchange = login_exchange_by(system, how);
  with.make_login_qr = qr_by(system);
  with.jsapi_ticket = ticket_by(system);
  if (how.wechat.source_check != config::source_policy::off)
    with.known_source = [&system](const std::string& address) {
      return system.knows_callback_source(address);
    };
  with.on_receipts = [](soci::session& sql, const auto& told) {
    std::vector<persistence::receipt> all;
    for (const auto& one : told)
      all.push_back(receipt_of(one));
    persistence::note_receipts(sql, all);
  };
  with.on_consent = [](soci::session& sql, const http::consent& told) {
    persistence::note_consent(sql, told.openid, told.template_id, told.accepted,
                              told.at);
  };
  with.send_later = [&system](std::string openid, std::string text) {
    system.offload_platform(
      [&system, openid = std::move(openid), text = std::move(text)] {
        if (auto sent = system.platform().send_text(openid, text); !sent)
          log::warn("late answer does not go out",
                    {{"errcode", sent.error().errcode}});
      },
      [] { log::warn("late answer is dropped", {}); });
  };
}

} // namespace zhiku::app
