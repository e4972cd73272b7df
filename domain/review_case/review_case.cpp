#include "domain/review_case/review_case.hpp"

#include "domain/dispatch.hpp"
#include "domain/exam/exam_plan.hpp"
#include "domain/form.hpp"
#include "domain/review_case/review_case_codec.hpp"
#include "domain/validation/text.hpp"

#include <algorithm>

namespace zhiku::domain::review_case {

namespace {

constexpr std::size_t longest_reason = 500;

// --- who may, and when -------------------------------------------------------

bool in_check(const state& now) {
  return now.at == stage::accepted || now.at == stage::resubmitted;
}

/// Nothing when the owner asks. Anybody else learns nothing (edge 20, 74).
std::optional<refusal> owner_only(const state& now, const context& ctx) {
  if (now.at == stage::none || !is_owner(ctx, now.applicant_id))
    return refusal{errc::not_found, {}, {}};
  return std::nullopt;
}

/// Nothing when staff with that role ask about somebody else's case.
std::optional<refusal> staff_only(const state& now, const context& ctx,
                                  std::string_view role) {
  if (!ctx.who.has(role))
    return refusal{errc::forbidden, {}, {}};
  if (now.at == stage::none)
    return refusal{errc::not_found, {}, {}};
  if (ctx.who.id == now.applicant_id)
    return refusal{errc::four_eyes, "不能办理本人的申请", {}};
  return std::nullopt;
}

/// What staff are told when the case is not where they thought.
refusal moved_on(const state& now) {
  return {now.at == stage::withdrawn ? errc::already_withdrawn
                                     : errc::state_conflict,
          {},
          {}};
}

std::optional<refusal> checker_only(const state& now, const context& ctx) {
  if (auto refused = staff_only(now, ctx, "CHECKER"))
    return refused;
  if (!in_check(now))
    return moved_on(now);
  return std::nullopt;
}

/// C-18, C-19: approval, by somebody who did not check.
std::optional<refusal> approver_only(const state& now, const context& ctx) {
  if (auto refused = staff_only(now, ctx, "APPROVER"))
    return refused;
  if (ctx.rules->four_eyes && ctx.who.id == now.checker_id)
    return refusal{errc::four_eyes, {}, {}};
  if (now.at != stage::exam_passed)
    return moved_on(now);
  return std::nullopt;
}

// --- events ------------------------------------------------------------------

/// An event that moves the case; its data tell the timeline who and when.
event moved(std::string type, const context& ctx, std::string_view role,
            json data = json::object(), json pii = json::object()) {
  data["at"] = domain::to_text(ctx.now);
  data["by"] = {{"role", role}, {"id", ctx.who.id}};
  return {std::move(type), std::move(data), std::move(pii)};
}

json state_reply(const state& now, stage at) {
  return {{"case_id", now.id}, {"state", to_text(at)}};
}

/// The reason typed for a decision; nothing when it is missing or too long.
std::optional<std::string> reason_of(const command& cmd) {
  return free_text_of(text_at(cmd.data, "reason"), 1, longest_reason);
}

refusal reason_missing() {
  return invalid("reason", "required", "请填写原因（500字以内）");
}

// --- open, withdraw, accept --------------------------------------------------

result<decision> open(const state& now, const command& cmd,
                      const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  if (now.at != stage::none)
    return only_reply(state_reply(now, now.at));
  field_reader in{cmd.data};
  auto applicant_id = in.text("applicant_id");
  auto number = in.text("number");
  auto submitted_at = in.at("submitted_at");
  json data = {{"applicant_id", applicant_id},
               {"number", number},
               {"pools", known_pools(texts_at(cmd.data, "pools"))},
               {"declarations", declaration_ids()},
               {"submitted_at", domain::to_text(submitted_at)}};
  if (data["pools"].empty())
    in.complain("pools", "required", "必填");
  if (!in.ok())
    return in.refused();
  auto opened = moved("case_opened", ctx, "APPLICANT", std::move(data),
                      {{"form", object_at(cmd.pii, "form")}});
  opened.data["by"]["id"] = applicant_id;
  return happened(std::move(opened), state_reply(now, stage::submitted));
}

/// C-5, C-11.
result<decision> withdraw(const state& now, const command&,
                          const context& ctx) {
  if (auto refused = owner_only(now, ctx))
    return *refused;
  bool may =
    now.at == stage::submitted
    || (now.at == stage::returned && ctx.rules->case_withdraw_when_returned);
  if (may)
    return happened(moved("case_withdrawn", ctx, "APPLICANT"),
                    state_reply(now, stage::withdrawn));
  return now.at == stage::withdrawn ? errc::already_withdrawn
                                    : errc::already_accepted;
}

/// C-6.
result<decision> accept(const state& now, const command&, const context& ctx) {
  if (auto refused = staff_only(now, ctx, "ACCEPTOR"))
    return *refused;
  if (now.at != stage::submitted)
    return moved_on(now);
  return happened(moved("case_accepted", ctx, "ACCEPTOR"),
                  state_reply(now, stage::accepted));
}

// --- check -------------------------------------------------------------------

/// The remark without surrounding blanks; nothing when a part is missing.
std::optional<remark> clean(const remark& said) {
  auto item = free_text_of(said.item, 1, 50);
  auto text = free_text_of(said.text, 1, longest_reason);
  if (!item || !text)
    return std::nullopt;
  return remark{std::move(*item), std::move(*text)};
}

/// The remarks of a return; none when one of them is malformed.
std::vector<remark> read_remarks(const json& data) {
  constexpr std::size_t most = 50;
  const json* list = find(data, "remarks");
  if (list == nullptr || !list->is_array() || list->size() > most)
    return {};
  std::vector<remark> remarks;
  for (const auto& said : remarks_of(data))
    if (auto good = clean(said))
      remarks.push_back(std::move(*good));
  return remarks.size() == list->size() ? remarks : std::vector<remark>{};
}

/// C-7. The remarks are free text about a person, hence sealed.
result<decision> send_back(const state& now, const command& cmd,
                           const context& ctx) {
  if (auto refused = checker_only(now, ctx))
    return *refused;
  int most = ctx.rules->case_max_returns;
  if (most > 0 && now.returns >= most)
    return refusal{errc::state_conflict, "退回次数已达上限", {}};
  auto remarks = read_remarks(cmd.data);
  if (remarks.empty())
    return invalid("remarks", "required", "请逐项填写需要补充的内容");
  json data = json::object();
  if (ctx.rules->case_supplement > seconds{0})
    data["deadline_at"] = domain::to_text(ctx.now + ctx.rules->case_supplement);
  return happened(moved("case_returned", ctx, "CHECKER", std::move(data),
                        {{"remarks", to_json(remarks)}}),
                  state_reply(now, stage::returned));
}

/// A locked field must not change with a supplement (RULES 3.2).
std::optional<refusal> renamed(const state& now, const json& form) {
  if (text_at(form, "name") == text_at(now.form, "name"))
    return std::nullopt;
  return invalid("name", "locked", "姓名不能更改");
}

/// C-9. In time at the very deadline (edge 13).
result<decision> resubmit(const state& now, const command& cmd,
                          const context& ctx) {
  if (auto refused = owner_only(now, ctx))
    return *refused;
  if (now.at != stage::returned)
    return errc::state_conflict;
  if (now.deadline_at && ctx.now > *now.deadline_at)
    return refusal{errc::state_conflict, "补充资料期限已过", {}};
  auto checked =
    validate(object_at(cmd.pii, "form"), form_mode::submission, ctx.now);
  checked.form["target_pools"] = now.pools;
  if (!checked.ok())
    return invalid(std::move(checked.errors));
  if (auto refused = renamed(now, checked.form))
    return *refused;
  return happened(moved("case_resubmitted", ctx, "APPLICANT", json::object(),
                        {{"form", std::move(checked.form)}}),
                  state_reply(now, stage::resubmitted));
}

/// C-10. A wake-up that comes early is refused, so that it is brought again.
result<decision> lapse(const state& now, const command& cmd,
                       const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  bool awaited = now.at == stage::returned && now.deadline_at
                 && integer_at(cmd.data, "round") == now.round;
  if (!awaited)
    return only_reply();
  if (ctx.now < *now.deadline_at)
    return errc::not_ready;
  return happened(moved("case_lapsed", ctx, "SYSTEM"));
}

/// C-13.
result<decision> reject(const state& now, const command& cmd,
                        const context& ctx) {
  if (auto refused = checker_only(now, ctx))
    return *refused;
  auto reason = reason_of(cmd);
  if (!reason)
    return reason_missing();
  return happened(moved("case_rejected", ctx, "CHECKER", json::object(),
                        {{"reason", *reason}}),
                  state_reply(now, stage::rejected));
}

// --- exam --------------------------------------------------------------------

/// Edge 16: a running window must leave time enough to prepare.
bool leaves_notice(const exam_plan& plan, const context& ctx) {
  if (ctx.now < plan.window_start)
    return true;
  return plan.window_end - ctx.now >= ctx.rules->exam_min_notice
         && ctx.now < plan.window_end;
}

/// The plan in the command, ready to be registered for.
result<exam_plan> plan_in(const command& cmd, const context& ctx) {
  const json* described = find(cmd.data, "plan");
  auto plan = exam_plan_of(described != nullptr ? *described : json());
  if (plan && !leaves_notice(*plan, ctx))
    return refusal{errc::no_exam_plan, "该考试剩余时间不足，请安排下一场", {}};
  return plan;
}

json assignment(const state& now, const context& ctx, const exam_plan& plan) {
  return {{"exam_session_id", derive_id(ctx.command_id, "exam/" + now.id)},
          {"plan", to_json(plan)}};
}

json passed_reply(const state& now, const json& assigned) {
  auto reply = state_reply(now, stage::check_passed);
  reply["exam_session_id"] = assigned.value("exam_session_id", json());
  return reply;
}

/// C-12. Without a plan the person waits for one (Q-2, edge 15).
result<decision> pass(const state& now, const command& cmd,
                      const context& ctx) {
  if (auto refused = checker_only(now, ctx))
    return *refused;
  json data = json::object();
  if (find(cmd.data, "plan") != nullptr) {
    auto plan = plan_in(cmd, ctx);
    if (!plan)
      return plan.error();
    data = assignment(now, ctx, *plan);
  }
  auto reply = passed_reply(now, data);
  return happened(moved("case_passed", ctx, "CHECKER", std::move(data)),
                  std::move(reply));
}

/// binds somebody who waits to a plan published since.
result<decision> bind_plan(const state& now, const command& cmd,
                           const context& ctx) {
  auto role = ctx.who.has("EXAM_ADMIN") ? "EXAM_ADMIN" : "CHECKER";
  if (auto refused = staff_only(now, ctx, role))
    return *refused;
  if (now.at != stage::check_passed || !now.exam_session_id.empty())
    return moved_on(now);
  auto plan = plan_in(cmd, ctx);
  if (!plan)
    return plan.error();
  auto data = assignment(now, ctx, *plan);
  auto reply = passed_reply(now, data);
  return happened(moved("exam_assigned", ctx, role, std::move(data)),
                  std::move(reply));
}

/// C-14, C-15.
result<decision> exam_finished(const state& now, const command& cmd,
                               const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  if (now.at != stage::check_passed)
    return only_reply();
  auto score = integer_at(cmd.data, "score_tenths");
  if (!score)
    return invalid("score_tenths", "required", "必填");
  auto type =
    flag_at(cmd.data, "passed") ? "case_exam_passed" : "case_exam_failed";
  return happened(moved(type, ctx, "SYSTEM", {{"score_tenths", *score}}));
}

/// C-16.
result<decision> exam_absent(const state& now, const command&,
                             const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  if (now.at != stage::check_passed)
    return only_reply();
  return happened(moved("case_waived", ctx, "SYSTEM"));
}

// --- approval ----------------------------------------------------------------

json appointed_reply(const state& now, const std::vector<std::string>& pools) {
  auto reply = state_reply(now, stage::appointed);
  reply["pools"] = pools;
  return reply;
}

/// Those of the case's pools that the approver grants; none when one of the
/// named is not the case's.
std::vector<std::string> granted_pools(const state& now, const command& cmd) {
  auto named = texts_at(cmd.data, "pools");
  std::vector<std::string> granted;
  for (const auto& pool : now.pools)
    if (std::find(named.begin(), named.end(), pool) != named.end())
      granted.push_back(pool);
  return granted.size() == named.size() ? granted : std::vector<std::string>{};
}

/// C-18 and C-19 in one act; a second call gives the first result (edge 90).
result<decision> appoint(const state& now, const command& cmd,
                         const context& ctx) {
  if (now.at == stage::appointed && ctx.who.has("APPROVER"))
    return only_reply(appointed_reply(now, now.appointed_pools));
  if (auto refused = approver_only(now, ctx))
    return *refused;
  auto pools = granted_pools(now, cmd);
  if (pools.empty())
    return invalid("pools", "not_a_choice", "请选择申请人申报的类别");
  auto made = happened(moved("case_proposed", ctx, "APPROVER"),
                       appointed_reply(now, pools));
  made.events.push_back(
    moved("case_appointed", ctx, "APPROVER", {{"pools", pools}}));
  return made;
}

/// C-20.
result<decision> not_approve(const state& now, const command& cmd,
                             const context& ctx) {
  if (auto refused = approver_only(now, ctx))
    return *refused;
  auto reason = reason_of(cmd);
  if (!reason)
    return reason_missing();
  auto made = happened(moved("case_proposed", ctx, "APPROVER"),
                       state_reply(now, stage::not_approved));
  made.events.push_back(moved("case_not_approved", ctx, "APPROVER",
                              json::object(), {{"reason", *reason}}));
  return made;
}

// --- view --------------------------------------------------------------------

json timeline(const state& now, bool for_staff) {
  json list = json::array();
  for (const auto& entry : now.history) {
    json line = {{"at", domain::to_text(entry.at)},
                 {"role", entry.role},
                 {"from", to_text(entry.from)},
                 {"to", to_text(entry.to)},
                 {"round", entry.round},
                 {"reason", entry.reason}};
    if (for_staff)
      line["who"] = entry.who;
    list.push_back(std::move(line));
  }
  return list;
}

/// E14: one rule for every answer. The person sees the score where the exam's
/// own result may be read, of staff whoever decides on it.
bool shows_score(const context& ctx, bool for_staff) {
  if (for_staff)
    return ctx.who.has("APPROVER");
  return ctx.who.ch != channel::wechat || ctx.rules->exam_score_on_wechat;
}

json details(const state& now, const context& ctx, bool for_staff) {
  bool scored = now.score_tenths && shows_score(ctx, for_staff);
  return {{"id", now.id},
          {"number", now.number},
          {"state", to_text(now.at)},
          {"version", now.version},
          {"applicant_id", now.applicant_id},
          {"pools", now.pools},
          {"declarations", now.declarations},
          {"submitted_at", domain::to_text(now.submitted_at)},
          {"changed_at", domain::to_text(now.changed_at)},
          {"round", now.round},
          {"deadline_at", domain::to_json(now.deadline_at)},
          {"remarks", to_json(now.remarks)},
          {"exam_session_id",
           now.exam_session_id.empty() ? json() : json(now.exam_session_id)},
          {"score_tenths", scored ? json(*now.score_tenths) : json()},
          {"appointed_pools", now.appointed_pools},
          {"form", for_staff ? masked_form(now.form) : now.form},
          {"history", timeline(now, for_staff)}};
}

bool is_case_staff(const context& ctx) {
  return ctx.who.has("ACCEPTOR") || ctx.who.has("CHECKER")
         || ctx.who.has("APPROVER");
}

result<decision> view(const state& now, const command&, const context& ctx) {
  bool staff = now.at != stage::none && is_case_staff(ctx);
  if (!staff)
    if (auto refused = owner_only(now, ctx))
      return *refused;
  return only_reply(details(now, ctx, staff));
}

/// what is masked, in clear, for a purpose that is put on record.
result<decision> reveal(const state& now, const command& cmd,
                        const context& ctx) {
  std::string role;
  for (auto each : {"CHECKER", "POOL_ADMIN", "AUDITOR"})
    if (role.empty() && ctx.who.has(each))
      role = each;
  if (auto refused = staff_only(now, ctx, role))
    return *refused;
  field_reader in{cmd.data};
  auto purpose = in.text("purpose");
  if (!in.ok())
    return in.refused();
  return happened({"revealed",
                   {{"at", domain::to_text(ctx.now)},
                    {"by", {{"role", role}, {"id", ctx.who.id}}}},
                   {{"purpose", purpose}}},
                  {{"fields", protected_part(now.form)}});
}

constexpr command_handler<state> commands[] = {
  {"open", open},
  {"withdraw", withdraw},
  {"accept", accept},
  {"return", send_back},
  {"resubmit", resubmit},
  {"lapse", lapse},
  {"pass", pass},
  {"bind_plan", bind_plan},
  {"reject", reject},
  {"exam_finished", exam_finished},
  {"exam_absent", exam_absent},
  {"appoint", appoint},
  {"not_approve", not_approve},
  {"view", view},
  {"reveal", reveal},
};

// --- evolve ------------------------------------------------------------------

struct transition {
  std::string_view type; ///< of the event
  stage to;
  void (*apply)(state&, const event&);
  std::string_view notice; ///< what the applicant is told; empty: nothing
};

void no_more(state&, const event&) {
  // nop
}

void when_opened(state& now, const event& ev) {
  now.applicant_id = text_at(ev.data, "applicant_id");
  now.number = text_at(ev.data, "number");
  now.pools = texts_at(ev.data, "pools");
  now.declarations = texts_at(ev.data, "declarations");
  now.submitted_at = instant_at(ev.data, "submitted_at").value_or(instant{});
  now.form = object_at(ev.pii, "form");
  now.round = 1;
}

void when_returned(state& now, const event& ev) {
  ++now.returns;
  now.deadline_at = instant_at(ev.data, "deadline_at");
  now.remarks = remarks_of(ev.pii);
}

void when_resubmitted(state& now, const event& ev) {
  ++now.round;
  now.deadline_at.reset();
  now.form = object_at(ev.pii, "form");
}

void when_deadline_gone(state& now, const event&) {
  now.deadline_at.reset();
}

void note_checker(state& now, const event& ev) {
  now.checker_id = text_at(object_at(ev.data, "by"), "id");
}

void note_session(state& now, const event& ev) {
  now.exam_session_id = text_at(ev.data, "exam_session_id");
}

void when_passed(state& now, const event& ev) {
  note_checker(now, ev);
  note_session(now, ev);
}

void when_examined(state& now, const event& ev) {
  now.score_tenths = integer_at(ev.data, "score_tenths");
}

void when_appointed(state& now, const event& ev) {
  now.appointed_pools = texts_at(ev.data, "pools");
}

constexpr transition transitions[] = {
  {"case_opened", stage::submitted, when_opened, "CASE_SUBMITTED"},
  {"case_withdrawn", stage::withdrawn, when_deadline_gone, ""},
  {"case_accepted", stage::accepted, no_more, "CASE_ACCEPTED"},
  {"case_returned", stage::returned, when_returned, "CASE_RETURNED"},
  {"case_resubmitted", stage::resubmitted, when_resubmitted, ""},
  {"case_lapsed", stage::lapsed, when_deadline_gone, "CASE_LAPSED"},
  {"case_passed", stage::check_passed, when_passed, "CASE_PASSED"},
  {"exam_assigned", stage::check_passed, note_session, ""},
  {"case_rejected", stage::rejected, note_checker, "CASE_REJECTED"},
  {"case_exam_passed", stage::exam_passed, when_examined, "EXAM_SCORE"},
  {"case_exam_failed", stage::exam_failed, when_examined, "EXAM_FAILED"},
  {"case_waived", stage::waived, no_more, "EXAM_WAIVED"},
  {"case_proposed", stage::proposed, no_more, ""},
  {"case_appointed", stage::appointed, when_appointed, "APPOINTED"},
  {"case_not_approved", stage::not_approved, no_more, "NOT_APPROVED"},
};

history_entry entry_of(const state& now, const event& ev, stage to) {
  auto by = object_at(ev.data, "by");
  return {instant_at(ev.data, "at").value_or(instant{}),
          std::string{text_at(by, "role")},
          std::string{text_at(by, "id")},
          now.at,
          to,
          now.round,
          std::string{text_at(ev.pii, "reason")}};
}

// --- effects -----------------------------------------------------------------

effect tell_applicant(const state& now) {
  return to_entity("applicant/" + now.applicant_id, "case_changed",
                   {{"case_id", now.id}, {"state", to_text(now.at)}});
}

json notice(const state& now) {
  const auto& pools =
    now.at == stage::appointed ? now.appointed_pools : now.pools;
  json payload = {{"case_id", now.id},
                  {"number", now.number},
                  {"pools", pools},
                  {"pool_names", pool_names(pools)},
                  {"at", domain::to_text(now.changed_at)},
                  {"at_text", to_beijing(now.changed_at)}};
  if (now.deadline_at) {
    payload["deadline_at"] = domain::to_text(*now.deadline_at);
    payload["deadline_text"] = to_beijing(*now.deadline_at);
  }
  return payload;
}

effect registration(const state& now, const event& ev) {
  return to_entity("exam_session/" + now.exam_session_id, "register",
                   {{"case_id", now.id},
                    {"case_number", now.number},
                    {"applicant_id", now.applicant_id},
                    {"plan", object_at(ev.data, "plan")}});
}

effect appointment(const state& now) {
  return to_entity("applicant/" + now.applicant_id, "appoint",
                   {{"case_id", now.id},
                    {"pools", now.appointed_pools},
                    {"at", domain::to_text(now.changed_at)}});
}

/// What follows of one event beyond the notice and the news to the applicant.
std::optional<effect> consequence(const state& now, const event& ev) {
  bool assigned = find(ev.data, "exam_session_id") != nullptr;
  if (now.at == stage::check_passed && assigned)
    return registration(now, ev);
  if (now.at == stage::appointed)
    return appointment(now);
  if (now.at == stage::returned && now.deadline_at)
    return wake("review_case/" + now.id, "lapse", {{"round", now.round}},
                *now.deadline_at);
  return std::nullopt;
}

} // namespace

result<decision> decide(const state& now, const command& cmd,
                        const context& ctx) {
  return dispatch(commands, now, cmd, ctx);
}

void evolve(state& now, const event& ev) {
  const auto* step = find_handler(transitions, ev.type);
  if (step == nullptr)
    return;
  step->apply(now, ev);
  now.history.push_back(entry_of(now, ev, step->to));
  now.at = step->to;
  now.changed_at = now.history.back().at;
  ++now.version;
}

std::vector<effect> effects(const state& now, const event& ev) {
  const auto* step = find_handler(transitions, ev.type);
  if (step == nullptr)
    return {};
  std::vector<effect> all{tell_applicant(now)};
  if (!step->notice.empty())
    all.push_back(
      notify(now.applicant_id, std::string{step->notice}, notice(now)));
  if (auto more = consequence(now, ev))
    all.push_back(std::move(*more));
  return all;
}

std::string subject(const state& now) {
  return now.applicant_id;
}

bool is_final(stage at) {
  switch (at) {
  case stage::withdrawn:
  case stage::rejected:
  case stage::exam_failed:
  case stage::waived:
  case stage::not_approved:
  case stage::appointed:
  case stage::lapsed:
    return true;
  default:
    return false;
  }
}

bool is_final(const state& now) {
  return is_final(now.at);
}

std::string_view state_name(const state& now) {
  return to_text(now.at);
}

} // namespace zhiku::domain::review_case
