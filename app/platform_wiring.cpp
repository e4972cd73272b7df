#include "app/platform_wiring.hpp"

#include "app/wiring.hpp"
#include "base/log.hpp"
#include "persistence/queries/receipts.hpp"
#include "wechat/errcode.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::app {

namespace {

using domain::errc;
using domain::result;

/// Gives `done` what `taken` makes of the platform's answer, `refused_as` when
/// the platform says no, or `unavailable` when it is away.
template <class Told, class Value, class Take>
wechat::answer<Told> answer_for(std::function<void(result<Value>)> done,
                                errc refused_as, Take taken) {
  return [done = std::move(done), refused_as,
          taken](const wechat::result<Told>& answer) {
    if (answer)
      return done(taken(*answer));
    log::warn(
      "platform does not answer as asked",
      {{"errcode", answer.error().errcode}, {"errmsg", answer.error().errmsg}});
    done(answer.error().kind == wechat::failure::platform ? refused_as
                                                          : errc::unavailable);
  };
}

wechat::answer<wechat::visitor>
person_for(std::function<void(result<http::oauth_person>)> done) {
  auto person_of = [](const wechat::visitor& who) {
    return http::oauth_person{who.openid, who.is_snapshotuser, who.unionid};
  };
  return answer_for<wechat::visitor>(std::move(done), errc::not_authenticated,
                                     person_of);
}

http::oauth_exchange exchange_by(actors::system& system) {
  return [&system](const std::string& code, auto done) {
    system.platform().exchange_code(code, person_for(std::move(done)));
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
  return [&system, website](const std::string& code, auto done) {
    system.platform().exchange_code_of(website, code,
                                       person_for(std::move(done)));
  };
}

http::qr_maker qr_by(actors::system& system) {
  return [&system](const std::string& scene, domain::seconds lifetime,
                   std::function<void(result<std::string>)> done) {
    auto url_of = [](const wechat::qr_code& code) { return code.url; };
    system.platform().make_login_qr(
      scene, lifetime,
      answer_for<wechat::qr_code>(std::move(done), errc::unavailable, url_of));
  };
}

http::ticket_source ticket_by(actors::system& system) {
  return [&system](std::function<void(result<std::string>)> done) {
    auto same = [](const std::string& ticket) { return ticket; };
    system.platform().get_jsapi_ticket(
      answer_for<std::string>(std::move(done), errc::unavailable, same));
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
  with.send_later = [&system](const std::string& openid,
                              const std::string& text) {
    system.platform().send_text(openid, text, [](const auto& sent) {
      if (!sent)
        log::warn("late answer does not go out",
                  {{"errcode", sent.error().errcode}});
    });
  };
}

} // namespace zhiku::app
