#include "http/api/services.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "base/log.hpp"
#include "domain/fields.hpp"
#include "http/client_look.hpp"
#include "http/cookies.hpp"

namespace zhiku::http {

namespace {

/// More than an office's careful work needs, less than a file of people takes.
constexpr int reveals_per_hour = 60;

/// What a whole network may have, as a multiple of an address's share.
constexpr int network_share = 10;

} // namespace

using domain::errc;
using domain::json;

services::services(api_dependencies given)
    : with(std::move(given)),
      sessions(with.gateway, with.readers, with.settings.sessions),
      sms_limits(with.settings.rules, *with.registry),
      sms_work(with.vault, with.settings.rules.sms_work),
      staff_login_counts(*with.registry),
      tickets_by_address(with.settings.login_tickets_per_hour),
      tickets_by_network(with.settings.login_tickets_per_hour * network_share),
      reveals_by_staff(reveals_per_hour),
      push_sources(with.known_source,
                   with.settings.refuse_foreign_pushes
                     ? source_check::foreign::refused
                     : source_check::foreign::admitted,
                   *with.registry),
      counters(*with.registry) {
  // nop
}

namespace {

/// Answers for work that throws.
std::function<void()> guarded(const call_ptr& asked,
                              std::function<void()> work) {
  return [asked, work = std::move(work)] {
    try {
      work();
    } catch (const std::exception& fault) {
      log::error("offloaded work throws", {{"operation", asked->matched.id},
                                           {"request", asked->asked.id},
                                           {"error", fault.what()}});
      asked->refuse(errc::internal);
    }
  };
}

} // namespace

void services::offload(const call_ptr& asked,
                       std::function<void()> work) const {
  with.gateway.offload(guarded(asked, std::move(work)),
                       [asked] { asked->refuse(errc::busy); });
}

void services::read(
  const call_ptr& asked,
  std::function<domain::result<json>(soci::session&)> query) const {
  offload(asked, [this, asked, query = std::move(query)] {
    domain::result<json> content{errc::internal};
    auto outcome =
      with.readers.run([&](soci::session& sql) { content = query(sql); });
    if (!outcome)
      asked->refuse(outcome.error());
    else if (!content)
      asked->refuse(content.error());
    else
      asked->answer(asked->matched.status, *content);
  });
}

void services::execute(const call_ptr& asked, actors::order what,
                       next_step next) const {
  with.gateway.execute(
    std::move(what), [asked, next = std::move(next)](actors::outcome came) {
      if (came.ok())
        return guarded(asked, [&] { next(std::move(came.reply)); })();
      came.why.code = came.code;
      asked->refuse(came.why);
    });
}

actors::order services::order_of(const call& asked, std::string stream,
                                 domain::command what) const {
  return {std::move(stream), std::move(what), asked.who(), asked.command_id,
          asked.digest};
}

void services::forward(const call_ptr& asked, std::string stream,
                       domain::command what) const {
  execute(asked, order_of(*asked, std::move(stream), std::move(what)),
          [asked](const json& reply) {
            asked->answer(asked->matched.status, reply);
          });
}

std::string step_id(const std::string& command_id, std::string_view step) {
  if (command_id.empty())
    return {};
  return to_hex(sha256(command_id + "\n" + std::string{step}));
}

session session_from(const call& asked, std::string kind, std::string channel) {
  session who;
  who.kind = std::move(kind);
  who.channel = std::move(channel);
  who.device = device_of(asked.asked.header("User-Agent"));
  who.network = network_of(asked.asked.remote_address);
  return who;
}

std::string browser_of(const services& s, const request& asked) {
  return cookie_of(asked, cookie::browser, s.with.settings.secure_cookies);
}

std::string session_token_of(const services& s, const request& asked) {
  return cookie_of(asked, cookie::session, s.with.settings.secure_cookies);
}

void set_session_cookies(response& answer, const issued_session& issued,
                         const services& s) {
  cookie_style style{s.with.settings.secure_cookies,
                     s.sessions.limits().absolute};
  set_cookie(answer, cookie::session, issued.token, style);
  style.seen_by = visibility::pages;
  set_cookie(answer, cookie::csrf, issued.csrf, style);
}

json login_reply(std::vector<schema::member> members) {
  members.push_back({"expires_at", schema::instant()});
  members.push_back(schema::optional("csrf_token", schema::text(43)));
  members.push_back(schema::optional("token", schema::text(43)));
  return schema::answer(std::move(members));
}

session_secrets renewal_secrets(const services& s, const call& asked) {
  if (asked.command_id.empty())
    return new_secrets();
  return derived_secrets(s.with.vault, "session renewal",
                         {asked.token, asked.command_id, asked.digest});
}

bool wants_bearer(const call& asked) {
  return domain::flag_at(asked.body, "bearer");
}

response login_answer(const call& asked, const issued_session& issued,
                      json content, const services& s) {
  content["expires_at"] = domain::to_text(issued.what.expires_at);
  if (wants_bearer(asked) || asked.by_bearer) {
    content["token"] = issued.token;
    return response::json(asked.matched.status, content);
  }
  content["csrf_token"] = issued.csrf;
  auto answer = response::json(asked.matched.status, content);
  set_session_cookies(answer, issued, s);
  return answer;
}

} // namespace zhiku::http
