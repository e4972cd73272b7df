// Login of staff, by password. Who guesses waits longer each time; hashing has
// threads of its own, so that guessing costs nobody else.

#include "base/log.hpp"
#include "domain/fields.hpp"
#include "http/api/routes.hpp"
#include "http/client_look.hpp"
#include "http/password.hpp"
#include "http/problem.hpp"
#include "http/schema.hpp"
#include "persistence/queries/staff.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using domain::text_at;
using persistence::staff_row;

/// Guesses at one account, from wherever, that somebody should hear of.
constexpr int alarming_failures = 50;

std::string login_in(const call& asked) {
  return std::string{text_at(asked.body, "login")};
}

void refuse_for_now(const call& asked, domain::seconds wait) {
  auto count = std::to_string(wait.count());
  auto answer = problem(
    {errc::rate_limited, "尝试过于频繁，请在 " + count + " 秒后重试", {}},
    asked.asked.id);
  answer.set_header("Retry-After", count);
  asked.answer(std::move(answer));
}

/// The same words for an unknown login, a wrong password and a disabled
/// account.
void refuse_password(services& s, const call_ptr& asked,
                     const std::optional<staff_row>& account) {
  auto login = login_in(*asked);
  auto failed = s.staff_logins.failures(login);
  s.staff_login_counts.failed.Increment();
  json facts{{"staff", account ? account->id : "unknown"},
             {"network", network_of(asked->asked.remote_address)},
             {"failed", failed}};
  if (failed >= alarming_failures)
    log::error("staff account is being guessed at", facts);
  else
    log::warn("staff login fails", facts);
  asked->refuse(
    {errc::not_authenticated, "账号或密码不正确，或账号已停用", {}});
}

/// A try that came to nothing for a reason of ours is none.
void refuse_without_count(services& s, const call_ptr& asked,
                          const domain::refusal& why) {
  s.staff_logins.withdraw(login_in(*asked), asked->asked.remote_address);
  asked->refuse(why);
}

/// @param since  before the account was read: a password changed meanwhile ends
///               this login too
void let_in(services& s, const call_ptr& asked, const staff_row& account,
            instant since) {
  auto who = session_from(*asked, "STAFF", "STAFF");
  who.staff_id = account.id;
  who.created_at = since;
  auto issued =
    s.sessions.open(std::move(who), session_token_of(s, asked->asked));
  if (!issued)
    return refuse_without_count(s, asked, issued.error());
  s.staff_logins.succeeded(login_in(*asked), asked->asked.remote_address);
  s.staff_login_counts.succeeded.Increment();
  log::info("staff logs in", {{"staff", account.id}});
  asked->answer(login_answer(
    *asked, *issued,
    {{"id", account.id}, {"name", account.name}, {"roles", account.roles}}, s));
}

/// Unknown logins cost the same hash as known ones.
void check_password(services& s, const call_ptr& asked,
                    const std::optional<staff_row>& account, instant since) {
  auto right =
    verify_password(account ? account->password_hash : decoy_password_hash(),
                    std::string{text_at(asked->body, "password")});
  if (!right || !account || account->disabled)
    return refuse_password(s, asked, account);
  s.with.gateway.offload([&s, asked, account = *account,
                          since] { let_in(s, asked, account, since); },
                         [&s, asked] {
                           refuse_without_count(s, asked, {errc::busy, {}, {}});
                         });
}

void read_account(services& s, const call_ptr& asked) {
  auto since = s.now();
  std::optional<staff_row> account;
  auto read = s.with.readers.run([&](soci::session& sql) {
    account = persistence::staff_by_login(sql, login_in(*asked));
  });
  if (!read)
    return refuse_without_count(s, asked, read.error());
  s.with.gateway.offload_hashing(
    [&s, asked, account, since] { check_password(s, asked, account, since); },
    [&s, asked] {
      refuse_without_count(s, asked, {errc::busy, {}, {}});
    });
}

void login_staff(services& s, const call_ptr& asked) {
  auto wait = s.staff_logins.enter(login_in(*asked),
                                   asked->asked.remote_address, s.now());
  if (wait > domain::seconds{0}) {
    s.staff_login_counts.delayed.Increment();
    return refuse_for_now(*asked, wait);
  }
  s.with.gateway.offload([&s, asked] { read_account(s, asked); },
                         [&s, asked] {
                           refuse_without_count(s, asked, {errc::busy, {}, {}});
                         });
}

} // namespace

route_table staff_login_routes(services& s) {
  route enter{
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
  enter.also = {errc::not_authenticated, errc::rate_limited};
  return {enter};
}

} // namespace zhiku::http
