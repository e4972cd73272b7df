#include "domain/phone_proof/phone_proof.hpp"

#include "domain/dispatch.hpp"
#include "domain/validation/numbers.hpp"

namespace zhiku::domain::phone_proof {

namespace {

// --- decide ------------------------------------------------------------------

/// Reads what binds a code, for asking and for proving (edge 41).
live_code read_code(field_reader& in) {
  live_code code;
  code.purpose = in.choice("purpose", {"IDENTITY", "LOGIN"});
  code.binding = in.text("binding");
  code.code_hash = in.text("code_hash");
  return code;
}

std::optional<refusal> limit_reached(const state& now, const context& ctx) {
  if (now.last_sent_at && ctx.now < *now.last_sent_at + ctx.rules->sms_gap)
    return refusal{errc::code_too_soon, {}, {}};
  if (now.day == beijing_day(ctx.now) && now.sent_on_day >= ctx.rules->sms_day)
    return refusal{errc::code_limit, {}, {}};
  return std::nullopt;
}

effect sms(const state& now, const live_code& code, const command& cmd,
           const context& ctx) {
  return {effect::kind::sms_code,
          "phone_proof/" + now.hash,
          code.purpose,
          {{"ttl_s", ctx.rules->sms_ttl.count()}},
          {{"phone", *mobile_of(text_at(cmd.pii, "phone"))},
           {"code", text_at(cmd.pii, "code")}},
          instant{}};
}

result<decision> send_code(const state& now, const command& cmd,
                           const context& ctx) {
  field_reader in{cmd.data};
  auto code = read_code(in);
  if (!mobile_of(text_at(cmd.pii, "phone")))
    in.complain("phone", "malformed", "手机号码格式不正确");
  if (!is_sms_code(text_at(cmd.pii, "code")))
    in.complain("code", "malformed", "验证码必须是6位数字");
  if (!in.ok())
    return in.refused();
  if (auto refused = limit_reached(now, ctx))
    return *refused;
  auto expires_at = to_text(ctx.now + ctx.rules->sms_ttl);
  auto made =
    happened({"code_sent",
              {{"purpose", code.purpose},
               {"binding", code.binding},
               {"code_hash", code.code_hash},
               {"at", to_text(ctx.now)},
               {"expires_at", expires_at}}},
             {{"expires_at", expires_at},
              {"next_send_at", to_text(ctx.now + ctx.rules->sms_gap)}});
  made.effects.push_back(sms(now, code, cmd, ctx));
  return made;
}

/// I-3, I-4: the try counts even though the asker is refused.
decision wrong_try(const live_code& code, const context& ctx) {
  int left = ctx.rules->sms_tries - code.wrong_tries - 1;
  auto made = happened(left > 0 ? event{"code_missed"} : event{"code_burnt"});
  auto hint = left > 0 ? "验证码不正确，还可尝试" + std::to_string(left) + "次"
                       : std::string{"验证码不正确且已失效，请重新获取"};
  made.refused = refusal{errc::code_wrong, std::move(hint), {}};
  return made;
}

result<decision> verify_code(const state& now, const command& cmd,
                             const context& ctx) {
  field_reader in{cmd.data};
  auto shown = read_code(in);
  if (!in.ok())
    return in.refused();
  if (!now.code || ctx.now >= now.code->expires_at)
    return errc::code_expired;
  if (now.code->purpose != shown.purpose || now.code->binding != shown.binding)
    return errc::code_expired;
  if (now.code->code_hash != shown.code_hash)
    return wrong_try(*now.code, ctx);
  return happened({"code_verified", {{"purpose", shown.purpose}}});
}

constexpr command_handler<state> commands[] = {
  {"send_code", send_code},
  {"verify_code", verify_code},
};

// --- evolve ------------------------------------------------------------------

void count_send(state& now, instant at) {
  int today = beijing_day(at);
  now.sent_on_day = now.day == today ? now.sent_on_day + 1 : 1;
  now.day = today;
  now.last_sent_at = at;
}

live_code code_of(const json& data) {
  live_code code;
  code.purpose = text_at(data, "purpose");
  code.binding = text_at(data, "binding");
  code.code_hash = text_at(data, "code_hash");
  code.expires_at = instant_at(data, "expires_at").value_or(instant{});
  code.wrong_tries =
    static_cast<int>(integer_at(data, "wrong_tries").value_or(0));
  return code;
}

void code_sent(state& now, const event& ev) {
  now.code = code_of(ev.data);
  count_send(now, instant_at(ev.data, "at").value_or(instant{}));
}

void code_missed(state& now, const event&) {
  if (now.code)
    ++now.code->wrong_tries;
}

void code_gone(state& now, const event&) {
  now.code.reset();
}

constexpr event_handler<state> events[] = {
  {"code_sent", code_sent},
  {"code_missed", code_missed},
  {"code_burnt", code_gone},
  {"code_verified", code_gone},
};

} // namespace

result<decision> decide(const state& now, const command& cmd,
                        const context& ctx) {
  return dispatch(commands, now, cmd, ctx);
}

void evolve(state& now, const event& ev) {
  dispatch(events, now, ev);
}

std::vector<effect> effects(const state&, const event&) {
  return {};
}

std::vector<row> project(const state&) {
  return {};
}

json snapshot(const state& now) {
  json data = {{"last_sent_at", to_json(now.last_sent_at)},
               {"day", now.day},
               {"sent_on_day", now.sent_on_day}};
  if (now.code)
    data["code"] = {{"purpose", now.code->purpose},
                    {"binding", now.code->binding},
                    {"code_hash", now.code->code_hash},
                    {"expires_at", to_text(now.code->expires_at)},
                    {"wrong_tries", now.code->wrong_tries}};
  return data;
}

json snapshot_pii(const state&) {
  return json::object();
}

void restore(state& now, const json& data, const json&) {
  now.last_sent_at = instant_at(data, "last_sent_at");
  now.day = static_cast<int>(integer_at(data, "day").value_or(0));
  now.sent_on_day =
    static_cast<int>(integer_at(data, "sent_on_day").value_or(0));
  const json* code = find(data, "code");
  now.code = code != nullptr ? std::optional{code_of(*code)} : std::nullopt;
}

std::string subject(const state&) {
  return {};
}

bool is_final(const state&) {
  return false;
}

std::string_view state_name(const state& now) {
  return now.code ? "CODE_SENT" : "IDLE";
}

} // namespace zhiku::domain::phone_proof
