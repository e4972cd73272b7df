#include "domain/exam_session/exam_session.hpp"

#include "domain/dispatch.hpp"

#include <algorithm>

namespace zhiku::domain::exam_session {

namespace {

// --- what commands share -----------------------------------------------------

bool is_over(const state& now) {
  return now.at == stage::graded || now.at == stage::absent;
}

/// Registered, and asked about by its own applicant: anybody else learns
/// nothing (edge 20, 74).
bool is_own(const state& now, const context& ctx) {
  return now.at != stage::none && is_owner(ctx, now.applicant_id);
}

std::int64_t remaining_ms(const state& now, const context& ctx) {
  using std::chrono::duration_cast;
  using std::chrono::milliseconds;
  auto left = duration_cast<milliseconds>(now.deadline_at - ctx.now);
  return std::max<std::int64_t>(0, left.count());
}

/// Edge 32: every reply lets the client set its countdown anew.
json with_clock(json reply, const state& now, const context& ctx) {
  reply["server_time"] = domain::to_text(ctx.now);
  reply["remaining_ms"] = remaining_ms(now, ctx);
  return reply;
}

std::string window_text(const exam_plan& plan) {
  return "考试时间为" + to_beijing(plan.window_start) + "至"
         + to_beijing(plan.window_end);
}

/// Why nothing may be written to the attempt, or none.
errc write_refused(const state& now, const context& ctx,
                   std::string_view writer) {
  if (now.at == stage::assigned)
    return errc::state_conflict;
  if (is_over(now) || ctx.now >= now.closes_at)
    return errc::attempt_closed;
  return writer == now.writer ? errc::none : errc::writer_changed;
}

// --- register ----------------------------------------------------------------

// T-6. One that falls too soon after the notice itself is left out.
constexpr seconds reminder_gap{6 * 3600};

json reminders(const exam_plan& plan, instant registered_at) {
  using std::chrono::hours;
  json all = json::array();
  auto add = [&](std::string_view about, instant due) {
    if (due >= registered_at + reminder_gap)
      all.push_back({{"about", about}, {"due", domain::to_text(due)}});
  };
  add("EXAM_OPENING", plan.window_start - hours{24});
  if (plan.window_end - hours{24} > plan.window_start)
    add("EXAM_CLOSING", plan.window_end - hours{24});
  if (plan.window_end - hours{2} > plan.window_start)
    add("EXAM_CLOSING", plan.window_end - hours{2});
  return all;
}

result<decision> enrol(const state& now, const command& cmd,
                       const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  if (now.at != stage::none)
    return only_reply({{"exam_session_id", now.id}});
  field_reader in{cmd.data};
  auto case_id = in.text("case_id");
  auto applicant_id = in.text("applicant_id");
  if (!in.ok())
    return in.refused();
  const json* described = find(cmd.data, "plan");
  auto plan = exam_plan_of(described != nullptr ? *described : json());
  if (!plan)
    return plan.error();
  return happened({"registered",
                   {{"case_id", case_id},
                    {"case_number", text_at(cmd.data, "case_number")},
                    {"applicant_id", applicant_id},
                    {"plan", to_json(*plan)},
                    {"reminders", reminders(*plan, ctx.now)}},
                   json::object(),
                   2},
                  {{"exam_session_id", now.id}});
}

// --- start -------------------------------------------------------------------

std::string new_writer(const state& now, const context& ctx) {
  return derive_id(ctx.command_id, "writer/" + now.id);
}

/// The attempt as its device must know it. `writer` is left out for a device
/// that may only read.
json attempt_reply(const state& now, const context& ctx,
                   std::string_view writer) {
  json reply = {{"state", state_name(now)},
                {"started_at", domain::to_text(now.started_at)},
                {"deadline_at", domain::to_text(now.deadline_at)}};
  if (!writer.empty())
    reply["writer"] = writer;
  return with_clock(std::move(reply), now, ctx);
}

/// Edge 28, 29: a second start shows the same attempt, and takes it over when
/// told so. A device that still holds the token keeps it.
result<decision> resume(const state& now, const command& cmd,
                        const context& ctx) {
  if (ctx.now >= now.closes_at)
    return errc::attempt_closed;
  if (text_at(cmd.data, "writer") == now.writer)
    return only_reply(attempt_reply(now, ctx, now.writer));
  if (!flag_at(cmd.data, "takeover"))
    return only_reply(attempt_reply(now, ctx, {}));
  auto writer = new_writer(now, ctx);
  return happened({"writer_changed", {{"writer", writer}}},
                  attempt_reply(now, ctx, writer));
}

std::optional<refusal> outside_window(const state& now, const context& ctx) {
  if (ctx.now < now.plan.window_start)
    return refusal{errc::exam_not_open, window_text(now.plan), {}};
  if (ctx.now >= now.plan.window_end)
    return refusal{errc::exam_closed, window_text(now.plan), {}};
  return std::nullopt;
}

event attempt_started(const state& now, const context& ctx, const paper& items,
                      std::string seed) {
  auto deadline = now.plan.deadline_from(ctx.now);
  return {"attempt_started",
          {{"seed", std::move(seed)},
           {"items", pack(items)},
           {"writer", new_writer(now, ctx)},
           {"started_at", domain::to_text(ctx.now)},
           {"deadline_at", domain::to_text(deadline)},
           {"closes_at", domain::to_text(deadline + ctx.rules->exam_grace)}}};
}

result<decision> begin(const state& now, const context& ctx) {
  if (auto refused = outside_window(now, ctx))
    return *refused;
  if (ctx.bank == nullptr)
    return errc::paper_unavailable;
  auto seed = derive_id(ctx.command_id, "seed/" + now.id);
  auto items = draw(now.plan, *ctx.bank, seed_of(seed));
  if (!items)
    return items.error();
  auto started = attempt_started(now, ctx, *items, std::move(seed));
  auto deadline = now.plan.deadline_from(ctx.now);
  auto left =
    std::chrono::duration_cast<std::chrono::milliseconds>(deadline - ctx.now);
  json reply = {{"state", "RUNNING"},
                {"writer", started.data["writer"]},
                {"started_at", started.data["started_at"]},
                {"deadline_at", started.data["deadline_at"]},
                {"server_time", domain::to_text(ctx.now)},
                {"remaining_ms", left.count()}};
  return happened(std::move(started), std::move(reply));
}

result<decision> start(const state& now, const command& cmd,
                       const context& ctx) {
  if (!is_own(now, ctx))
    return errc::not_found;
  switch (now.at) {
  case stage::assigned:
    return begin(now, ctx);
  case stage::running:
    return resume(now, cmd, ctx);
  case stage::absent:
    return refusal{errc::exam_closed, window_text(now.plan), {}};
  default:
    return errc::attempt_closed;
  }
}

// --- answer ------------------------------------------------------------------

/// What an answer says, before it is known whether it still counts.
struct typed_answer {
  std::size_t n = 0;
  std::uint32_t seq = 0;
  option_set chosen = 0;
};

result<typed_answer> read_answer(const state& now, const json& data) {
  field_reader in{data};
  auto n = in.integer("n", 1, static_cast<std::int64_t>(now.items.size()));
  auto seq = in.integer("seq", 1, 0xffffffff);
  if (!in.ok())
    return in.refused();
  auto place = static_cast<std::size_t>(n);
  const auto& item = now.items[place - 1];
  const json* ids = find(data, "choice");
  auto chosen = ids != nullptr ? options_named(now.seed_bits, place, item, *ids)
                               : std::nullopt;
  bool many = item.block < now.plan.paper.size()
              && now.plan.paper[item.block].type == question_type::multi;
  if (!chosen || (!many && (*chosen & (*chosen - 1)) != 0))
    return invalid("choice", "not_a_choice", "请从给出的选项中选择");
  return typed_answer{place, static_cast<std::uint32_t>(seq), *chosen};
}

/// An older sequence never overwrites a newer one, and is answered as if it
/// had been stored: the client's retries may cross each other (edge 30).
result<decision> answer(const state& now, const command& cmd,
                        const context& ctx) {
  if (!is_own(now, ctx))
    return errc::not_found;
  if (auto why = write_refused(now, ctx, text_at(cmd.data, "writer"));
      why != errc::none)
    return why;
  auto typed = read_answer(now, cmd.data);
  if (!typed)
    return typed.error();
  auto reply = with_clock({{"n", typed->n}, {"seq", typed->seq}}, now, ctx);
  if (typed->seq <= now.items[typed->n - 1].seq)
    return only_reply(std::move(reply));
  return happened(
    {"answer_saved",
     {{"n", typed->n}, {"mask", typed->chosen}, {"seq", typed->seq}}},
    std::move(reply));
}

// --- closing -----------------------------------------------------------------

json closed_reply(closer by, std::string_view closed_at) {
  return {
    {"state", "GRADED"}, {"closed_by", to_text(by)}, {"closed_at", closed_at}};
}

/// Closes and grades in one event: whatever comes later finds both or neither.
decision close(const state& now, closer by, instant at) {
  auto score = grade(now.plan, now.items);
  auto closed_at = domain::to_text(at);
  return happened({"attempt_closed",
                   {{"by", to_text(by)},
                    {"at", closed_at},
                    {"score_tenths", score},
                    {"passed", score >= now.plan.pass_tenths}}},
                  closed_reply(by, closed_at));
}

/// Edge 25: within the grace it is dated at the deadline.
result<decision> hand_in(const state& now, const command& cmd,
                         const context& ctx) {
  if (!is_own(now, ctx))
    return errc::not_found;
  if (now.at == stage::graded)
    return only_reply(
      closed_reply(now.closed_by, domain::to_text(now.closed_at)));
  if (auto why = write_refused(now, ctx, text_at(cmd.data, "writer"));
      why != errc::none)
    return why;
  auto by = flag_at(cmd.data, "auto") ? closer::client_auto : closer::manual;
  return close(now, by, std::min(ctx.now, now.deadline_at));
}

/// A wake-up that comes early is refused, so that it is brought again.
result<decision> deadline(const state& now, const command&,
                          const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  if (now.at != stage::running)
    return only_reply();
  if (ctx.now < now.closes_at)
    return errc::not_ready;
  return close(now, closer::server, now.deadline_at);
}

///
result<decision> close_window(const state& now, const command&,
                              const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  if (now.at != stage::assigned)
    return only_reply();
  if (ctx.now < now.plan.window_end)
    return errc::not_ready;
  return happened({"absent", {{"at", domain::to_text(ctx.now)}}});
}

/// T-6: only who has not begun is reminded.
result<decision> remind(const state& now, const command& cmd,
                        const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  field_reader in{cmd.data};
  auto about = in.choice("about", {"EXAM_OPENING", "EXAM_CLOSING"});
  if (!in.ok())
    return in.refused();
  auto over =
    about == "EXAM_OPENING" ? now.plan.window_start : now.plan.window_end;
  if (now.at != stage::assigned || ctx.now >= over)
    return only_reply();
  return happened(
    {"reminded", {{"about", about}, {"at", domain::to_text(ctx.now)}}});
}

// --- reads -------------------------------------------------------------------

json plan_view(const exam_plan& plan) {
  json blocks = json::array();
  for (const auto& block : plan.paper)
    blocks.push_back({{"type", to_text(block.type)},
                      {"count", block.count},
                      {"tenths", block.tenths}});
  return {{"id", plan.id},
          {"name", plan.name},
          {"window_start", domain::to_text(plan.window_start)},
          {"window_end", domain::to_text(plan.window_end)},
          {"duration_s", plan.duration.count()},
          {"pass_tenths", plan.pass_tenths},
          {"question_count", plan.length()},
          {"blocks", std::move(blocks)}};
}

json question_view(const state& now, std::size_t n, const question& q) {
  const auto& item = now.items[n - 1];
  json options = json::array();
  json choice = json::array();
  for (std::size_t place = 0; place < item.option_count; ++place) {
    auto index = item.shown_at(place);
    auto id = option_id(now.seed_bits, n, index);
    if ((item.chosen >> index & 1) != 0)
      choice.push_back(id);
    options.push_back(
      {{"id", std::move(id)},
       {"text", index < q.options.size() ? q.options[index] : std::string{}}});
  }
  return {{"n", n},
          {"type", to_text(q.type)},
          {"tenths", now.plan.paper[item.block].tenths},
          {"stem", q.stem},
          {"options", std::move(options)},
          {"choice", std::move(choice)},
          {"seq", item.seq}};
}

/// Questions and stored answers, never keys.
result<json> paper_view(const state& now, const question_bank* bank) {
  json questions = json::array();
  for (std::size_t n = 1; n <= now.items.size(); ++n) {
    const auto& item = now.items[n - 1];
    const question* q =
      bank != nullptr ? bank->find(item.question, item.version) : nullptr;
    if (q == nullptr || item.block >= now.plan.paper.size())
      return errc::paper_unavailable;
    questions.push_back(question_view(now, n, *q));
  }
  return questions;
}

json before_start(const state& now, const context& ctx) {
  auto deadline =
    now.plan.deadline_from(std::max(ctx.now, now.plan.window_start));
  return {{"deadline_if_started", domain::to_text(deadline)}};
}

result<decision> view(const state& now, const command&, const context& ctx) {
  if (!is_own(now, ctx))
    return errc::not_found;
  json reply = {{"id", now.id},
                {"case_id", now.case_id},
                {"state", state_name(now)},
                {"plan", plan_view(now.plan)},
                {"server_time", domain::to_text(ctx.now)}};
  if (now.at == stage::assigned)
    reply.update(before_start(now, ctx));
  if (now.at == stage::running) {
    auto questions = paper_view(now, ctx.bank);
    if (!questions)
      return questions.error();
    reply.update(attempt_reply(now, ctx, {}));
    reply["questions"] = std::move(*questions);
  }
  if (now.at == stage::graded)
    reply.update(closed_reply(now.closed_by, domain::to_text(now.closed_at)));
  return only_reply(std::move(reply));
}

json score_view(const state& now) {
  auto used =
    std::chrono::duration_cast<seconds>(now.closed_at - now.started_at);
  return {{"state", "GRADED"},
          {"exam_name", now.plan.name},
          {"score_tenths", now.score_tenths},
          {"pass_tenths", now.plan.pass_tenths},
          {"passed", now.passed},
          {"used_s", used.count()},
          {"closed_by", to_text(now.closed_by)},
          {"closed_at", domain::to_text(now.closed_at)}};
}

result<decision> score(const state& now, const command&, const context& ctx) {
  bool staff = now.at != stage::none && ctx.who.has("EXAM_ADMIN");
  if (!staff && !is_own(now, ctx))
    return errc::not_found;
  if (ctx.who.ch == channel::wechat && !ctx.rules->exam_score_on_wechat)
    return errc::channel_not_allowed;
  if (!is_over(now))
    return errc::score_not_ready;
  if (now.at == stage::absent)
    return only_reply(
      {{"state", "ABSENT"}, {"exam_name", now.plan.name}, {"passed", false}});
  return only_reply(score_view(now));
}

constexpr command_handler<state> commands[] = {
  {"answer", answer},   {"view", view},         {"start", start},
  {"hand_in", hand_in}, {"deadline", deadline}, {"close_window", close_window},
  {"result", score},    {"register", enrol},    {"remind", remind},
};

// --- evolve ------------------------------------------------------------------

void when_registered(state& now, const event& ev) {
  now.at = stage::assigned;
  now.case_id = text_at(ev.data, "case_id");
  now.case_number = text_at(ev.data, "case_number");
  now.applicant_id = text_at(ev.data, "applicant_id");
  if (const json* described = find(ev.data, "plan"))
    if (auto plan = exam_plan_of(*described))
      now.plan = std::move(*plan);
}

void when_started(state& now, const event& ev) {
  now.at = stage::running;
  now.seed = text_at(ev.data, "seed");
  now.seed_bits = seed_of(now.seed);
  now.writer = text_at(ev.data, "writer");
  now.items = unpack(text_at(ev.data, "items")).value_or(paper{});
  now.started_at = instant_at(ev.data, "started_at").value_or(instant{});
  now.deadline_at = instant_at(ev.data, "deadline_at").value_or(instant{});
  now.closes_at = instant_at(ev.data, "closes_at").value_or(now.deadline_at);
}

void when_answered(state& now, const event& ev) {
  auto n = static_cast<std::size_t>(integer_at(ev.data, "n").value_or(0));
  if (n < 1 || n > now.items.size())
    return;
  auto& item = now.items[n - 1];
  item.chosen =
    static_cast<option_set>(integer_at(ev.data, "mask").value_or(0));
  item.seq = static_cast<std::uint32_t>(integer_at(ev.data, "seq").value_or(0));
}

void when_writer_changed(state& now, const event& ev) {
  now.writer = text_at(ev.data, "writer");
}

void when_closed(state& now, const event& ev) {
  now.at = stage::graded;
  now.closed_by = closer_of(text_at(ev.data, "by"));
  now.closed_at = instant_at(ev.data, "at").value_or(instant{});
  now.score_tenths = integer_at(ev.data, "score_tenths").value_or(0);
  now.passed = flag_at(ev.data, "passed");
}

void when_absent(state& now, const event&) {
  now.at = stage::absent;
}

/// Before shape 2 the case's number and the reminders were not written down.
void registered_2(event& ev) {
  ev.data["case_number"] = "";
  ev.data["reminders"] = json::array();
}

constexpr upcaster shapes[] = {
  {"registered", 1, registered_2},
};

constexpr event_handler<state> events[] = {
  {"answer_saved", when_answered},   {"registered", when_registered},
  {"attempt_started", when_started}, {"writer_changed", when_writer_changed},
  {"attempt_closed", when_closed},   {"absent", when_absent},
};

// --- effects -----------------------------------------------------------------

std::string own_stream(const state& now) {
  return "exam_session/" + now.id;
}

json notice(const state& now) {
  return {{"case_id", now.case_id},
          {"number", now.case_number},
          {"exam_session_id", now.id},
          {"exam_name", now.plan.name},
          {"window_start", domain::to_text(now.plan.window_start)},
          {"window_end", domain::to_text(now.plan.window_end)},
          {"window_start_text", to_beijing(now.plan.window_start)},
          {"window_end_text", to_beijing(now.plan.window_end)},
          {"duration_min", now.plan.duration.count() / 60}};
}

std::vector<effect> after_registered(const state& now, const event& ev) {
  std::vector<effect> all{
    notify(now.applicant_id, "EXAM_NOTICE", notice(now)),
    wake(own_stream(now), "close_window",
         {{"window_end", domain::to_text(now.plan.window_end)}},
         now.plan.window_end)};
  for (const auto& each : ev.data.at("reminders"))
    all.push_back(wake(own_stream(now), "remind", {{"about", each.at("about")}},
                       instant_at(each, "due").value_or(instant{})));
  return all;
}

effect deadline_wake(const state& now) {
  return wake(own_stream(now), "deadline",
              {{"deadline_at", domain::to_text(now.deadline_at)}},
              now.closes_at);
}

effect finished(const state& now) {
  return to_entity("review_case/" + now.case_id, "exam_finished",
                   {{"exam_session_id", now.id},
                    {"score_tenths", now.score_tenths},
                    {"passed", now.passed}});
}

effect missed(const state& now) {
  return to_entity("review_case/" + now.case_id, "exam_absent",
                   {{"exam_session_id", now.id}});
}

} // namespace

result<decision> decide(const state& now, const command& cmd,
                        const context& ctx) {
  return dispatch(commands, now, cmd, ctx);
}

void evolve(state& now, const event& ev) {
  dispatch(events, now, upcast(shapes, ev));
  now.row_changed = ev.type != "answer_saved" && ev.type != "writer_changed"
                    && ev.type != "reminded";
}

std::vector<effect> effects(const state& now, const event& ev) {
  if (ev.type == "registered")
    return after_registered(now, ev);
  if (ev.type == "reminded")
    return {notify(now.applicant_id, std::string{text_at(ev.data, "about")},
                   notice(now))};
  if (ev.type == "attempt_started")
    return {deadline_wake(now)};
  if (ev.type == "attempt_closed")
    return {finished(now)};
  if (ev.type == "absent")
    return {missed(now)};
  return {};
}

std::string subject(const state& now) {
  return now.applicant_id;
}

bool is_final(const state& now) {
  return is_over(now);
}

std::string_view state_name(const state& now) {
  constexpr std::string_view names[] = {"NONE", "ASSIGNED", "RUNNING", "GRADED",
                                        "ABSENT"};
  return names[static_cast<std::size_t>(now.at)];
}

} // namespace zhiku::domain::exam_session
