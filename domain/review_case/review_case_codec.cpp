// What a review case is stored as: its row and its snapshot.

#include "domain/review_case/review_case_codec.hpp"

#include "domain/fields.hpp"

#include <algorithm>

namespace zhiku::domain::review_case {

namespace {

constexpr std::string_view stages[] = {
  "NONE",        "SUBMITTED",    "WITHDRAWN",    "ACCEPTED",    "RETURNED",
  "RESUBMITTED", "CHECK_PASSED", "REJECTED",     "EXAM_PASSED", "EXAM_FAILED",
  "WAIVED",      "PROPOSED",     "NOT_APPROVED", "APPOINTED",   "LAPSED"};

json history_data(const std::vector<history_entry>& history) {
  json list = json::array();
  for (const auto& entry : history)
    list.push_back({{"at", domain::to_text(entry.at)},
                    {"role", entry.role},
                    {"who", entry.who},
                    {"from", to_text(entry.from)},
                    {"to", to_text(entry.to)},
                    {"round", entry.round}});
  return list;
}

json history_reasons(const std::vector<history_entry>& history) {
  json list = json::array();
  for (const auto& entry : history)
    list.push_back(entry.reason);
  return list;
}

history_entry entry_of(const json& data, std::string reason) {
  return {instant_at(data, "at").value_or(instant{}),
          std::string{text_at(data, "role")},
          std::string{text_at(data, "who")},
          stage_of(text_at(data, "from")),
          stage_of(text_at(data, "to")),
          static_cast<int>(integer_at(data, "round").value_or(0)),
          std::move(reason)};
}

std::vector<history_entry> history_of(const json& data, const json& pii) {
  std::vector<history_entry> history;
  auto reasons = texts_at(pii, "reasons");
  const json* list = find(data, "history");
  if (list == nullptr)
    return history;
  reasons.resize(list->size());
  for (std::size_t i = 0; i < list->size(); ++i)
    history.push_back(entry_of((*list)[i], std::move(reasons[i])));
  return history;
}

json text_or_null(const std::string& text) {
  return text.empty() ? json() : json(text);
}

json number_or_null(const std::optional<std::int64_t>& number) {
  return number ? json(*number) : json();
}

} // namespace

std::string_view to_text(stage at) {
  return stages[static_cast<std::size_t>(at)];
}

std::span<const std::string_view> stage_texts() {
  return std::span{stages}.subspan(1); // without that of no case
}

stage stage_of(std::string_view text) {
  auto found = std::find(std::begin(stages), std::end(stages), text);
  return found == std::end(stages)
           ? stage::none
           : static_cast<stage>(found - std::begin(stages));
}

json to_json(const std::vector<remark>& remarks) {
  json list = json::array();
  for (const auto& said : remarks)
    list.push_back({{"item", said.item}, {"text", said.text}});
  return list;
}

std::vector<remark> remarks_of(const json& holder) {
  std::vector<remark> remarks;
  const json* list = find(holder, "remarks");
  if (list != nullptr && list->is_array())
    for (const json& said : *list)
      remarks.push_back({std::string{text_at(said, "item")},
                         std::string{text_at(said, "text")}});
  return remarks;
}

std::vector<row> project(const state& now) {
  if (now.at == stage::none)
    return {};
  json columns = {{"number", now.number},
                  {"applicant_id", now.applicant_id},
                  {"pools", now.pools},
                  {"state", to_text(now.at)},
                  {"round", now.round},
                  {"submitted_at", domain::to_text(now.submitted_at)},
                  {"changed_at", domain::to_text(now.changed_at)},
                  {"deadline_at", domain::to_json(now.deadline_at)},
                  {"exam_session_id", text_or_null(now.exam_session_id)},
                  {"score_tenths", number_or_null(now.score_tenths)},
                  {"version", now.version}};
  json pii = {{"name", text_at(now.form, "name")}};
  return {{"review_case", now.id, std::move(columns), std::move(pii), {}}};
}

json snapshot(const state& now) {
  if (now.at == stage::none)
    return json::object();
  return {{"state", to_text(now.at)},
          {"version", now.version},
          {"applicant_id", now.applicant_id},
          {"number", now.number},
          {"pools", now.pools},
          {"declarations", now.declarations},
          {"submitted_at", domain::to_text(now.submitted_at)},
          {"changed_at", domain::to_text(now.changed_at)},
          {"round", now.round},
          {"returns", now.returns},
          {"deadline_at", domain::to_json(now.deadline_at)},
          {"checker_id", now.checker_id},
          {"exam_session_id", now.exam_session_id},
          {"score_tenths", number_or_null(now.score_tenths)},
          {"appointed_pools", now.appointed_pools},
          {"history", history_data(now.history)}};
}

json snapshot_pii(const state& now) {
  if (now.at == stage::none)
    return json::object();
  return {{"form", now.form},
          {"remarks", to_json(now.remarks)},
          {"reasons", history_reasons(now.history)}};
}

void restore(state& now, const json& data, const json& pii) {
  now.at = stage_of(text_at(data, "state"));
  now.version = static_cast<int>(integer_at(data, "version").value_or(0));
  now.applicant_id = text_at(data, "applicant_id");
  now.number = text_at(data, "number");
  now.pools = texts_at(data, "pools");
  now.declarations = texts_at(data, "declarations");
  now.submitted_at = instant_at(data, "submitted_at").value_or(instant{});
  now.changed_at = instant_at(data, "changed_at").value_or(instant{});
  now.round = static_cast<int>(integer_at(data, "round").value_or(0));
  now.returns = static_cast<int>(integer_at(data, "returns").value_or(0));
  now.deadline_at = instant_at(data, "deadline_at");
  now.checker_id = text_at(data, "checker_id");
  now.exam_session_id = text_at(data, "exam_session_id");
  now.score_tenths = integer_at(data, "score_tenths");
  now.appointed_pools = texts_at(data, "appointed_pools");
  now.history = history_of(data, pii);
  now.form = object_at(pii, "form");
  now.remarks = remarks_of(pii);
}

} // namespace zhiku::domain::review_case
