#include "domain/phone_proof/phone_proof.hpp"

#include "domain/dispatch.hpp"
#include "domain/validation/numbers.hpp"

#include <algorithm>

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

// What is kept of strangers is bounded: a code that many others have pushed out
// is asked for anew.
constexpr std::size_t most_codes = 8;
constexpr std::size_t most_sends = 16;
constexpr std::chrono::hours work_window{1};

/// What counts are today's; those of another day are none.
struct day_counts {
  int all = 0;
  int own = 0;
};

day_counts counts_of(const state& now, const std::string& binding,
                     instant moment) {
  if (now.day != beijing_day(moment))
    return {};
  auto own = now.sent_to.find(binding);
  return {now.sent_on_day, own == now.sent_to.end() ? 0 : own->second};
}

bool is_work_due(const state& now, const context& ctx) {
  auto recent =
    std::count_if(now.sent.begin(), now.sent.end(),
                  [&](instant each) { return ctx.now < each + work_window; });
  return recent >= ctx.rules->sms_free;
}

/// Whether `work`, which the front door has verified, is new here.
bool is_new_work(const state& now, std::string_view work) {
  return !work.empty()
         && std::find(now.used_work.begin(), now.used_work.end(), work)
              == now.used_work.end();
}

std::optional<refusal> limit_reached(const state& now, const live_code& code,
                                     std::string_view work,
                                     const context& ctx) {
  auto today = counts_of(now, code.binding, ctx.now);
  if (!now.sent.empty() && ctx.now < now.sent.back() + ctx.rules->sms_gap)
    return refusal{errc::code_too_soon, {}, {}};
  if (today.own >= ctx.rules->sms_day || today.all >= ctx.rules->sms_phone_day)
    return refusal{errc::code_limit, {}, {}};
  if (is_work_due(now, ctx) && !is_new_work(now, work))
    return refusal{errc::work_required, {}, {}};
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
  auto work = text_at(cmd.data, "work");
  if (auto refused = limit_reached(now, code, work, ctx))
    return *refused;
  auto expires_at = to_text(ctx.now + ctx.rules->sms_ttl);
  json sent = {{"purpose", code.purpose},
               {"binding", code.binding},
               {"code_hash", code.code_hash},
               {"at", to_text(ctx.now)},
               {"expires_at", expires_at}};
  if (!work.empty())
    sent["work"] = work;
  auto made =
    happened({"code_sent", std::move(sent)},
             {{"expires_at", expires_at},
              {"next_send_at", to_text(ctx.now + ctx.rules->sms_gap)}});
  made.effects.push_back(sms(now, code, cmd, ctx));
  return made;
}

template <class Codes>
auto find_code(Codes& codes, std::string_view binding) {
  return std::find_if(codes.begin(), codes.end(), [&](const live_code& each) {
    return each.binding == binding;
  });
}

/// I-3, I-4: the try counts even though the asker is refused.
decision wrong_try(const live_code& code, const context& ctx) {
  int left = ctx.rules->sms_tries - code.wrong_tries - 1;
  auto made = happened(
    {left > 0 ? "code_missed" : "code_burnt", {{"binding", code.binding}}});
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
  auto sent = find_code(now.codes, shown.binding);
  if (sent == now.codes.end() || ctx.now >= sent->expires_at
      || sent->purpose != shown.purpose)
    return errc::code_expired;
  if (sent->code_hash != shown.code_hash)
    return wrong_try(*sent, ctx);
  return happened({"code_verified",
                   {{"purpose", shown.purpose}, {"binding", shown.binding}}});
}

constexpr command_handler<state> commands[] = {
  {"send_code", send_code},
  {"verify_code", verify_code},
};

// --- evolve ------------------------------------------------------------------

void count_send(state& now, const live_code& code, std::string_view work,
                instant at) {
  int today = beijing_day(at);
  if (now.day != today) {
    now.sent_on_day = 0;
    now.sent_to.clear();
  }
  now.day = today;
  ++now.sent_on_day;
  ++now.sent_to[code.binding];
  if (!work.empty())
    now.used_work.emplace_back(work);
  // More than can be done before the first of them ends.
  if (now.used_work.size() > most_sends)
    now.used_work.erase(now.used_work.begin());
  now.sent.push_back(at);
  if (now.sent.size() > most_sends)
    now.sent.erase(now.sent.begin());
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

/// The code that an event is about. Events of before codes had an asker mean
/// the one that there was.
auto code_meant(state& now, const event& ev) {
  auto binding = text_at(ev.data, "binding");
  if (binding.empty() && !now.codes.empty())
    return now.codes.end() - 1;
  return find_code(now.codes, binding);
}

/// Edge 42: of one asker only the newest counts.
void code_sent(state& now, const event& ev) {
  auto code = code_of(ev.data);
  auto at = instant_at(ev.data, "at").value_or(instant{});
  std::erase_if(now.codes, [&](const live_code& each) {
    return each.binding == code.binding || each.expires_at <= at;
  });
  if (now.codes.size() >= most_codes)
    now.codes.erase(now.codes.begin());
  count_send(now, code, text_at(ev.data, "work"), at);
  now.codes.push_back(std::move(code));
}

void code_missed(state& now, const event& ev) {
  if (auto code = code_meant(now, ev); code != now.codes.end())
    ++code->wrong_tries;
}

void code_gone(state& now, const event& ev) {
  if (auto code = code_meant(now, ev); code != now.codes.end())
    now.codes.erase(code);
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
  json codes = json::array();
  for (const auto& each : now.codes)
    codes.push_back({{"purpose", each.purpose},
                     {"binding", each.binding},
                     {"code_hash", each.code_hash},
                     {"expires_at", to_text(each.expires_at)},
                     {"wrong_tries", each.wrong_tries}});
  json sent = json::array();
  for (auto each : now.sent)
    sent.push_back(to_text(each));
  return {{"codes", std::move(codes)},      {"sent", std::move(sent)},
          {"used_work", now.used_work},     {"day", now.day},
          {"sent_on_day", now.sent_on_day}, {"sent_to", now.sent_to}};
}

json snapshot_pii(const state&) {
  return json::object();
}

void restore(state& now, const json& data, const json&) {
  now.day = static_cast<int>(integer_at(data, "day").value_or(0));
  now.sent_on_day =
    static_cast<int>(integer_at(data, "sent_on_day").value_or(0));
  now.used_work = texts_at(data, "used_work");
  for (const auto& each : texts_at(data, "sent"))
    now.sent.push_back(instant_of(each).value_or(instant{}));
  if (const json* codes = find(data, "codes"))
    for (const auto& each : *codes)
      now.codes.push_back(code_of(each));
  if (const json* counts = find(data, "sent_to"))
    now.sent_to = counts->get<std::map<std::string, int>>();
  // Snapshots of before codes had an asker.
  if (auto last = instant_at(data, "last_sent_at"))
    now.sent.push_back(*last);
  if (const json* code = find(data, "code"))
    now.codes.push_back(code_of(*code));
}

std::string subject(const state&) {
  return {};
}

bool is_final(const state&) {
  return false;
}

std::string_view state_name(const state& now) {
  return now.codes.empty() ? "IDLE" : "CODE_SENT";
}

} // namespace zhiku::domain::phone_proof
