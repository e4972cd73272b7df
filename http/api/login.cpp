// Login of a person at a PC, by SMS code (E-08).

#include "domain/fields.hpp"
#include "domain/validation/numbers.hpp"
#include "http/api/routes.hpp"
#include "http/api/sms_code.hpp"
#include "http/schema.hpp"
#include "persistence/queries/people.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using domain::text_at;

// --- a person, by SMS code (E-08) --------------------------------------------

void open_person_session(services& s, const call_ptr& asked,
                         const std::string& applicant_id) {
  s.offload(asked, [&s, asked, applicant_id] {
    auto who = session_from(*asked, "PERSON", "PC");
    who.applicant_id = applicant_id;
    auto issued =
      s.sessions.open(std::move(who), session_token_of(s, asked->asked));
    if (!issued)
      return asked->refuse(issued.error());
    asked->answer(
      login_answer(*asked, *issued, {{"applicant_id", applicant_id}}, s));
  });
}

void log_person_in(services& s, const call_ptr& asked,
                   const std::string& phone) {
  s.offload(asked, [&s, asked, phone] {
    std::optional<std::string> known;
    auto read = s.with.readers.run([&](soci::session& sql) {
      known =
        persistence::applicant_by_phone(sql, s.with.vault.lookup_hash(phone));
    });
    if (!read)
      return asked->refuse(read.error());
    if (!known)
      return asked->refuse(
        {errc::not_found, "请先在微信公众号完成身份认证", {}});
    actors::order login{"applicant/" + *known,
                        {"login"},
                        {{"VISITOR"}, "", domain::channel::pc},
                        {}};
    s.execute(asked, std::move(login), [&s, asked, id = *known](const json&) {
      open_person_session(s, asked, id);
    });
  });
}

void login_by_sms(services& s, const call_ptr& asked) {
  auto phone = domain::mobile_of(text_at(asked->body, "mobile"));
  if (!phone)
    return asked->refuse(
      domain::invalid("mobile", "malformed", "手机号码格式不正确"));
  if (!domain::is_sms_code(text_at(asked->body, "sms_code")))
    return asked->refuse(
      domain::invalid("sms_code", "malformed", "验证码必须是6位数字"));
  auto& keys = s.with.vault;
  sms_code shown{"LOGIN", *phone, std::string{text_at(asked->body, "sms_code")},
                 binding_of(s, asked->asked)};
  if (shown.binding.empty())
    return asked->refuse(
      {errc::code_expired, "请在获取验证码的同一浏览器中登录", {}});
  auto order =
    s.order_of(*asked, proof_stream(keys, *phone), verify_code(keys, shown));
  s.execute(asked, std::move(order), [&s, asked, phone](const json&) {
    log_person_in(s, asked, *phone);
  });
}

} // namespace

route_table login_routes(services& s) {
  route by_sms{"POST",
               "/api/v1/login/sms",
               "loginBySms",
               "短信验证码登录",
               anyone(),
               [&s](const call_ptr& asked) { login_by_sms(s, asked); },
               schema::object({{"mobile", schema::text(40)},
                               {"sms_code", schema::text(6)},
                               schema::optional("bearer", schema::flag())}),
               login_reply({{"applicant_id", schema::text(36)}})};
  by_sms.also = {errc::not_found};
  return {by_sms};
}

} // namespace zhiku::http
