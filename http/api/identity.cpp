// Who a person is (RULES 2.1): SMS codes, authentication, identities.

#include "base/random.hpp"
#include "domain/fields.hpp"
#include "domain/form.hpp"
#include "domain/masking.hpp"
#include "domain/validation/numbers.hpp"
#include "domain/validation/text.hpp"
#include "http/api/routes.hpp"
#include "http/api/sms_code.hpp"
#include "http/cookies.hpp"
#include "http/schema.hpp"
#include "persistence/queries/people.hpp"
#include "persistence/queries/staff.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using domain::refusal;
using domain::text_at;

// --- SMS codes ---------------------------------------------------------------

refusal wrong_mobile() {
  return domain::invalid("mobile", "malformed", "手机号码格式不正确");
}

/// The binding of the asker, and the browser cookie to set when it is new.
struct asker {
  std::string binding;
  std::string new_browser; ///< "": the browser is known already
};

asker asker_of(const services& s, const request& asked) {
  auto binding = binding_of(s, asked);
  if (!binding.empty())
    return {binding, ""};
  auto browser = new_token();
  return {token_hash(browser), browser};
}

/// The id of the proof of work that came along; "" without a valid one.
std::string work_of(const services& s, const call& asked,
                    const std::string& phone) {
  return s.sms_work.solved(text_at(asked.body, "proof"), phone, s.now())
    .value_or("");
}

void send_sms_code(services& s, const call_ptr& asked) {
  auto phone = domain::mobile_of(text_at(asked->body, "mobile"));
  if (!phone)
    return asked->refuse(wrong_mobile());
  auto from = asker_of(s, asked->asked);
  sms_code code{std::string{text_at(asked->body, "purpose")}, *phone,
                new_sms_code(), from.binding, work_of(s, *asked, *phone)};
  auto refused = s.sms_limits.admit(asked->asked.remote_address,
                                    !code.work.empty(), s.now());
  if (refused != errc::none)
    return asked->refuse(refused);
  auto& keys = s.with.vault;
  auto order =
    s.order_of(*asked, proof_stream(keys, *phone), send_code(keys, code));
  s.execute(asked, std::move(order), [&s, asked, from](const json& reply) {
    s.sms_limits.sent(s.now());
    auto answer = response::json(asked->matched.status, reply);
    if (!from.new_browser.empty())
      set_cookie(answer, cookie::browser, from.new_browser,
                 {s.with.settings.secure_cookies});
    asked->answer(std::move(answer));
  });
}

void set_work(services& s, const call_ptr& asked) {
  auto phone = domain::mobile_of(text_at(asked->body, "mobile"));
  if (!phone)
    return asked->refuse(wrong_mobile());
  asked->answer(asked->matched.status, s.sms_work.make(*phone, s.now()));
}

// --- authentication (I-2) ----------------------------------------------------

struct identity_form {
  std::string identity;
  std::string name;
  std::string phone;
  std::string privacy_version;
  std::string sms_code;
};

domain::result<identity_form> read_form(const json& body) {
  domain::field_reader in{body};
  auto name = domain::name_of(text_at(body, "name"));
  auto phone = domain::mobile_of(text_at(body, "mobile"));
  auto code = text_at(body, "sms_code");
  if (!name)
    in.complain("name", "malformed", "姓名格式不正确");
  if (!phone)
    in.complain("mobile", "malformed", "手机号码格式不正确");
  if (!domain::is_sms_code(code))
    in.complain("sms_code", "malformed", "验证码必须是6位数字");
  if (!in.ok())
    return in.refused();
  if (!domain::flag_at(body, "privacy_ack"))
    return errc::consent_required;
  return identity_form{std::string{text_at(body, "identity")}, *name, *phone,
                       std::string{text_at(body, "privacy_version")},
                       std::string{code}};
}

/// Whoever has just proven a phone speaks as a visitor, whatever their login
/// was before.
domain::actor_ref visitor_of(const call& asked) {
  return {{"VISITOR"}, "", domain::channel_of(asked.login->channel)};
}

/// The person of that phone, or a new one.
actors::order identify_order(const call& asked, const identity_form& form,
                             const std::optional<std::string>& known) {
  // A repeat that does not find the person yet means the same new one.
  auto id = known ? *known
            : asked.command_id.empty()
              ? new_uuid()
              : domain::derive_id(asked.command_id, "applicant");
  domain::command what{known ? "bind" : "register",
                       {{"identity", form.identity},
                        {"openid", asked.login->openid},
                        {"privacy_version", form.privacy_version}},
                       {{"name", form.name}, {"phone", form.phone}}};
  return {"applicant/" + id, std::move(what), visitor_of(asked),
          step_id(asked.command_id, "identify"), asked.digest};
}

/// The session goes on as that person's under new secrets. A login taken over
/// before means that the answer was lost: it is given again.
void become_person(services& s, const call_ptr& asked,
                   const std::string& applicant_id) {
  s.offload(asked, [&s, asked, applicant_id] {
    auto next = *asked->login;
    next.applicant_id = applicant_id;
    auto issued = s.sessions.renew(
      *asked->login, {std::move(next), renewal_secrets(s, *asked)});
    if (!issued)
      return asked->refuse(issued.error());
    asked->answer(login_answer(
      *asked, *issued, {{"applicant_id", issued->what.applicant_id}}, s));
  });
}

void bind_or_register(services& s, const call_ptr& asked,
                      const identity_form& form) {
  s.offload(asked, [&s, asked, form] {
    std::optional<std::string> known;
    auto read = s.with.readers.run([&](soci::session& sql) {
      known = persistence::applicant_by_phone(
        sql, s.with.vault.lookup_hash(form.phone));
    });
    if (!read)
      return asked->refuse(read.error());
    s.execute(asked, identify_order(*asked, form, known),
              [&s, asked](const json& reply) {
                become_person(s, asked,
                              std::string{text_at(reply, "applicant_id")});
              });
  });
}

void identify(services& s, const call_ptr& asked) {
  if (asked->login->revoked)
    return become_person(s, asked, "");
  auto form = read_form(asked->body);
  if (!form)
    return asked->refuse(form.error());
  auto& keys = s.with.vault;
  sms_code shown{"IDENTITY", form->phone, form->sms_code,
                 binding_of(s, asked->asked)};
  auto order = s.order_of(*asked, proof_stream(keys, form->phone),
                          verify_code(keys, shown));
  order.who = visitor_of(*asked);
  order.command_id = step_id(asked->command_id, "verify");
  s.execute(asked, std::move(order),
            [&s, asked, form = std::move(*form)](const json&) {
              bind_or_register(s, asked, form);
            });
}

// --- the person --------------------------------------------------------------

std::string applicant_stream(const call& asked) {
  return "applicant/" + asked.login->applicant_id;
}

void show_staff(services& s, const call_ptr& asked) {
  s.read(asked, [asked](soci::session& sql) -> domain::result<json> {
    auto account = persistence::staff_by_id(sql, asked->login->staff_id);
    if (!account)
      return errc::not_authenticated;
    return json{{"kind", "STAFF"},
                {"id", account->id},
                {"name", account->name},
                {"roles", account->roles}};
  });
}

void show_person(services& s, const call_ptr& asked) {
  auto order = s.order_of(*asked, applicant_stream(*asked), {"view"});
  s.execute(asked, std::move(order), [asked](json person) {
    person.erase("drafts");
    person.erase("cases");
    person["kind"] = "PERSON";
    person["identified"] = true;
    person["channel"] = asked->login->channel;
    person["phone_masked"] = domain::mask_phone(text_at(person, "phone"));
    asked->answer(asked->matched.status, person);
  });
}

void show_me(services& s, const call_ptr& asked) {
  if (asked->login->kind == "STAFF")
    return show_staff(s, asked);
  if (!asked->login->applicant_id.empty())
    return show_person(s, asked);
  asked->answer(asked->matched.status, {{"kind", "PERSON"},
                                        {"identified", false},
                                        {"channel", asked->login->channel}});
}

/// I-6: the old token ends, and with it every other login of the person, so
/// that nothing acts under the old identity.
void renew_session(services& s, const call_ptr& asked) {
  s.offload(asked, [&s, asked] {
    auto issued = s.sessions.renew(*asked->login,
                                   {*asked->login, renewal_secrets(s, *asked),
                                    identity_changed_reason, true});
    if (!issued)
      return asked->refuse(issued.error());
    asked->answer(login_answer(
      *asked, *issued, {{"active_identity", asked->body.at("identity")}}, s));
  });
}

void switch_identity(services& s, const call_ptr& asked) {
  if (asked->login->revoked)
    return renew_session(s, asked);
  auto order =
    s.order_of(*asked, applicant_stream(*asked),
               {"switch_identity", {{"identity", asked->body.at("identity")}}});
  s.execute(asked, std::move(order),
            [&s, asked](const json&) { renew_session(s, asked); });
}

json identity_schema() {
  return schema::choice({domain::expert_identity, "PROJECT_LEADER"});
}

json identity_body() {
  return schema::object({{"identity", identity_schema()},
                         {"name", schema::text(50)},
                         {"mobile", schema::text(40)},
                         {"sms_code", schema::text(6)},
                         {"privacy_ack", schema::flag()},
                         {"privacy_version", schema::text(40)}});
}

json sms_body() {
  return schema::object({{"mobile", schema::text(40)},
                         {"purpose", schema::choice({"IDENTITY", "LOGIN"})},
                         schema::optional("proof", schema::text(1000))});
}

} // namespace

route_table identity_routes(services& s) {
  route codes{"POST",
              "/api/v1/sms-codes",
              "sendSmsCode",
              "发送短信验证码",
              anyone(),
              [&s](const call_ptr& asked) { send_sms_code(s, asked); },
              sms_body(),
              schema::answer({{"expires_at", schema::instant()},
                              {"next_send_at", schema::instant()}})};
  codes.also = {errc::rate_limited, errc::work_required};
  route work{"POST",
             "/api/v1/sms-codes/challenges",
             "createSmsChallenge",
             "申请安全校验题目",
             anyone(),
             [&s](const call_ptr& asked) { set_work(s, asked); },
             schema::object({{"mobile", schema::text(40)}}),
             schema::answer({{"algorithm", schema::text()},
                             {"challenge", schema::text(64)},
                             {"salt", schema::text(200)},
                             {"signature", schema::text(64)},
                             {"maxnumber", schema::integer(1, 10'000'000)}})};
  route identifying{
    "POST",          "/api/v1/me/identities",
    "identify",      "身份认证",
    guest(),         [&s](const call_ptr& asked) { identify(s, asked); },
    identity_body(), login_reply({{"applicant_id", schema::text(36)}})};
  identifying.renews_session = true;
  route switching{"PUT",
                  "/api/v1/me/active-identity",
                  "switchIdentity",
                  "切换身份",
                  person(),
                  [&s](const call_ptr& asked) { switch_identity(s, asked); },
                  schema::object({{"identity", identity_schema()}}),
                  login_reply({{"active_identity", identity_schema()}})};
  switching.renews_session = true;
  return {
    codes,
    work,
    identifying,
    switching,
    {"GET", "/api/v1/me", "showMe", "当前登录人", any_session(),
     [&s](const call_ptr& asked) { show_me(s, asked); }, nullptr,
     schema::answer({{"kind", schema::choice({"PERSON", "STAFF"})}})},
  };
}

} // namespace zhiku::http
