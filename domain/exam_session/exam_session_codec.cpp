// What an exam session is stored as: its row and its snapshot.

#include "domain/exam_session/exam_session.hpp"

#include "domain/fields.hpp"

#include <algorithm>

namespace zhiku::domain::exam_session {

namespace {

constexpr std::string_view closers[] = {"MANUAL", "CLIENT_AUTO", "SERVER"};

constexpr std::string_view stages[] = {"NONE", "ASSIGNED", "RUNNING", "GRADED",
                                       "ABSENT"};

bool has_started(const state& now) {
  return now.at == stage::running || now.at == stage::graded;
}

stage stage_of(std::string_view text) {
  auto found = std::find(std::begin(stages), std::end(stages), text);
  return found == std::end(stages)
           ? stage::none
           : static_cast<stage>(found - std::begin(stages));
}

/// `[[chosen, seq], …]`, one a question.
json answers(const paper& items) {
  json list = json::array();
  for (const auto& item : items)
    list.push_back({item.chosen, item.seq});
  return list;
}

void restore_answers(paper& items, const json* list) {
  if (list == nullptr || !list->is_array() || list->size() != items.size())
    return;
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].chosen = (*list)[i].at(0).get<option_set>();
    items[i].seq = (*list)[i].at(1).get<std::uint32_t>();
  }
}

json attempt(const state& now) {
  return {{"seed", now.seed},
          {"items", pack(now.items)},
          {"answers", answers(now.items)},
          {"writer", now.writer},
          {"started_at", domain::to_text(now.started_at)},
          {"deadline_at", domain::to_text(now.deadline_at)},
          {"closes_at", domain::to_text(now.closes_at)}};
}

void restore_attempt(state& now, const json& data) {
  now.seed = text_at(data, "seed");
  now.seed_bits = seed_of(now.seed);
  now.items = unpack(text_at(data, "items")).value_or(paper{});
  restore_answers(now.items, find(data, "answers"));
  now.writer = text_at(data, "writer");
  now.started_at = instant_at(data, "started_at").value_or(instant{});
  now.deadline_at = instant_at(data, "deadline_at").value_or(instant{});
  now.closes_at = instant_at(data, "closes_at").value_or(now.deadline_at);
}

} // namespace

closer closer_of(std::string_view text) {
  auto found = std::find(std::begin(closers), std::end(closers), text);
  return found == std::end(closers)
           ? closer::server
           : static_cast<closer>(found - std::begin(closers));
}

std::string_view to_text(closer by) {
  return closers[static_cast<std::size_t>(by)];
}

std::vector<row> project(const state& now) {
  if (now.at == stage::none || !now.row_changed)
    return {};
  bool started = has_started(now);
  bool graded = now.at == stage::graded;
  json columns = {
    {"applicant_id", now.applicant_id},
    {"case_id", now.case_id},
    {"plan_id", now.plan.id},
    {"plan_name", now.plan.name},
    {"state", state_name(now)},
    {"window_start", domain::to_text(now.plan.window_start)},
    {"window_end", domain::to_text(now.plan.window_end)},
    {"duration_s", now.plan.duration.count()},
    {"started_at", started ? json(domain::to_text(now.started_at)) : json()},
    {"deadline_at", started ? json(domain::to_text(now.deadline_at)) : json()},
    {"closed_at", graded ? json(domain::to_text(now.closed_at)) : json()},
    {"closed_by", graded ? json(to_text(now.closed_by)) : json()},
    {"score_tenths", graded ? json(now.score_tenths) : json()},
    {"passed", graded ? json(now.passed) : json()}};
  return {{"exam_session", now.id, std::move(columns), json::object(), {}}};
}

json snapshot(const state& now) {
  if (now.at == stage::none)
    return json::object();
  json data = {{"state", state_name(now)},
               {"applicant_id", now.applicant_id},
               {"case_id", now.case_id},
               {"case_number", now.case_number},
               {"plan", to_json(now.plan)}};
  if (has_started(now))
    data["attempt"] = attempt(now);
  if (now.at == stage::graded)
    data["closed"] = {{"by", to_text(now.closed_by)},
                      {"at", domain::to_text(now.closed_at)},
                      {"score_tenths", now.score_tenths},
                      {"passed", now.passed}};
  return data;
}

json snapshot_pii(const state&) {
  return json::object();
}

void restore(state& now, const json& data, const json&) {
  now.at = stage_of(text_at(data, "state"));
  now.applicant_id = text_at(data, "applicant_id");
  now.case_id = text_at(data, "case_id");
  now.case_number = text_at(data, "case_number");
  if (auto plan = exam_plan_of(object_at(data, "plan")))
    now.plan = std::move(*plan);
  if (const json* running = find(data, "attempt"))
    restore_attempt(now, *running);
  if (const json* closed = find(data, "closed")) {
    now.closed_by = closer_of(text_at(*closed, "by"));
    now.closed_at = instant_at(*closed, "at").value_or(instant{});
    now.score_tenths = integer_at(*closed, "score_tenths").value_or(0);
    now.passed = flag_at(*closed, "passed");
  }
  now.row_changed = true;
}

} // namespace zhiku::domain::exam_session
