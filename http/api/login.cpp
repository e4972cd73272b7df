// Logins that do not come through WeChat.

#include "base/log.hpp"
#include "domain/fields.hpp"
#include "domain/validation/numbers.hpp"
#include "http/api/routes.hpp"
#include "http/api/sms_code.hpp"
#include "http/cookies.hpp"
#include "http/password.hpp"
#include "http/schema.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/staff.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using domain::refusal;
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
  auto& keys = s.with.vault;
  sms_code shown{"LOGIN", *phone, std::string{text_at(asked->body, "sms_code")},
                 binding_of(asked->asked, s.with.settings.secure_cookies)};
  if (shown.binding.empty())
    return asked->refuse(
      {errc::code_expired, "请在获取验证码的同一浏览器中登录", {}});
  auto order =
    s.order_of(*asked, proof_stream(keys, *phone), verify_code(keys, shown));
  s.execute(asked, std::move(order), [&s, asked, phone](const json&) {
    log_person_in(s, asked, *phone);
  });
}

// --- staff, by password ------------------------------------------------------

constexpr int most_failed_logins = 10;
constexpr std::chrono::minutes lock_time{15};

/// The same words for an unknown login, a wrong password and a locked account.
refusal not_let_in() {
  return {errc::not_authenticated, "账号或密码不正确，或账号已锁定", {}};
}

bool may_enter(const persistence::staff_row& account, instant now) {
  return !account.disabled
         && (!account.locked_until || *account.locked_until <= now);
}

/// The account when the password is right. Unknown logins cost the same hash
/// and the same statements as known ones.
domain::result<persistence::staff_row> check_password(services& s,
                                                      const json& body) {
  std::string login{text_at(body, "login")};
  std::string password{text_at(body, "password")};
  std::optional<persistence::staff_row> account;
  auto read = s.with.readers.run([&](soci::session& sql) {
    account = persistence::staff_by_login(sql, login);
  });
  if (!read)
    return read.error();
  auto right = verify_password(
    account ? account->password_hash : decoy_password_hash(), password);
  auto let_in = right && account && may_enter(*account, s.now());
  auto id = account ? account->id : std::string{"-"};
  auto noted = s.with.readers.run([&](soci::session& sql) {
    if (let_in)
      persistence::clear_failed_logins(sql, id);
    else
      persistence::count_failed_login(sql, id, most_failed_logins,
                                      s.now() + lock_time);
  });
  if (!noted)
    return noted.error();
  if (!let_in)
    return not_let_in();
  return std::move(*account);
}

void login_staff(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto account = check_password(s, asked->body);
    if (!account)
      return asked->refuse(account.error());
    auto who = session_from(*asked, "STAFF", "STAFF");
    who.staff_id = account->id;
    auto issued =
      s.sessions.open(std::move(who), session_token_of(s, asked->asked));
    if (!issued)
      return asked->refuse(issued.error());
    log::info("staff logs in", {{"staff", account->id}});
    asked->answer(login_answer(
      *asked, *issued,
      {{"id", account->id}, {"name", account->name}, {"roles", account->roles}},
      s));
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
               schema::object({{"mobile", schema::text(20)},
                               {"sms_code", schema::text(6)},
                               schema::optional("bearer", schema::flag())}),
               login_reply({{"applicant_id", schema::text(36)}})};
  by_sms.also = {errc::not_found};
  route of_staff{
    "POST",
    "/api/v1/staff/login",
    "loginStaff",
    "工作人员登录",
    anyone(),
    [&s](const call_ptr& asked) { login_staff(s, asked); },
    schema::object({{"login", schema::text(64)},
                    {"password", schema::text(200)},
                    schema::optional("bearer", schema::flag())}),
    login_reply({{"id", schema::text(64)}, {"name", schema::text(50)}})};
  of_staff.also = {errc::not_authenticated};
  return {by_sms, of_staff};
}

} // namespace zhiku::http
