#include "domain/applicant/applicant_codec.hpp"

#include "domain/fields.hpp"

#include <algorithm>

namespace zhiku::domain::applicant {

namespace {

constexpr std::string_view draft_stages[] = {"DRAFT", "SUBMITTED", "WITHDRAWN",
                                             "DELETED"};

template <class Value>
json to_json(const std::map<std::string, Value>& all) {
  json object = json::object();
  for (const auto& [key, value] : all)
    object[key] = applicant::to_json(value);
  return object;
}

json forms_of(const std::map<std::string, draft>& drafts) {
  json forms = json::object();
  for (const auto& [id, each] : drafts)
    forms[id] = each.form;
  return forms;
}

row person_row(const state& now) {
  auto or_null = [](const std::string& text) {
    return text.empty() ? json() : json(text);
  };
  return {"person",
          now.id,
          {{"identities", now.identities},
           {"active_identity", or_null(now.active_identity)},
           {"reachable", now.reachable},
           {"openid", or_null(now.openid)},
           {"created_at", domain::to_text(now.created_at)}},
          {{"name", now.name}, {"phone", now.phone}},
          {{"phone_hash", now.phone}}};
}

row draft_row(const state& now, const std::string& id, const draft& each) {
  return {"draft",
          id,
          {{"applicant_id", now.id},
           {"pools", each.pools},
           {"state", to_text(each.at)},
           {"version", each.version},
           {"saved_at", domain::to_text(each.saved_at)}},
          json::object(),
          {}};
}

row expert_row(const state& now, const std::string& pool,
               const membership& each) {
  return {"expert",
          now.id + ":" + pool,
          {{"applicant_id", now.id},
           {"pool", pool},
           {"number", each.number},
           {"state", "ACTIVE"},
           {"term_start", domain::to_text(each.term_start)},
           {"term_end", domain::to_text(each.term_end)},
           {"appointed_at", domain::to_text(each.appointed_at)},
           {"case_id", each.case_id}},
          json::object(),
          {}};
}

void restore_person(state& now, const json& data, const json& pii) {
  now.registered = flag_at(data, "registered");
  now.name = text_at(pii, "name");
  now.phone = text_at(pii, "phone");
  now.identities = texts_at(data, "identities");
  now.active_identity = text_at(data, "active_identity");
  now.openid = text_at(data, "openid");
  now.reachable = flag_at(data, "reachable");
  now.reachability_at = instant_at(data, "reachability_at").value_or(instant{});
  now.privacy_version = text_at(data, "privacy_version");
  now.created_at = instant_at(data, "created_at").value_or(instant{});
}

} // namespace

std::string_view to_text(draft_stage at) {
  return draft_stages[static_cast<std::size_t>(at)];
}

draft_stage draft_stage_of(std::string_view text) {
  auto found =
    std::find(std::begin(draft_stages), std::end(draft_stages), text);
  return found == std::end(draft_stages)
           ? draft_stage::deleted
           : static_cast<draft_stage>(found - std::begin(draft_stages));
}

json to_json(const draft& each) {
  return {{"state", to_text(each.at)},
          {"version", each.version},
          {"pools", each.pools},
          {"saved_at", domain::to_text(each.saved_at)}};
}

json to_json(const case_ref& each) {
  return {{"draft_id", each.draft_id},
          {"number", each.number},
          {"pools", each.pools},
          {"state", each.state}};
}

json to_json(const membership& each) {
  return {{"number", each.number},
          {"term_start", domain::to_text(each.term_start)},
          {"term_end", domain::to_text(each.term_end)},
          {"appointed_at", domain::to_text(each.appointed_at)},
          {"case_id", each.case_id}};
}

draft draft_of(const json& data, json form) {
  return {draft_stage_of(text_at(data, "state")),
          static_cast<int>(integer_at(data, "version").value_or(0)),
          texts_at(data, "pools"),
          instant_at(data, "saved_at").value_or(instant{}), std::move(form)};
}

case_ref case_ref_of(const json& data) {
  return {std::string{text_at(data, "draft_id")},
          std::string{text_at(data, "number")}, texts_at(data, "pools"),
          std::string{text_at(data, "state")}};
}

membership membership_of(const json& data) {
  return {std::string{text_at(data, "number")},
          day_of(text_at(data, "term_start")).value_or(calendar_day{}),
          day_of(text_at(data, "term_end")).value_or(calendar_day{}),
          instant_at(data, "appointed_at").value_or(instant{}),
          std::string{text_at(data, "case_id")}};
}

std::vector<row> project(const state& now) {
  if (!now.registered)
    return {};
  std::vector<row> rows{person_row(now)};
  for (const auto& [id, each] : now.drafts)
    rows.push_back(draft_row(now, id, each));
  for (const auto& [pool, each] : now.memberships)
    rows.push_back(expert_row(now, pool, each));
  return rows;
}

json snapshot(const state& now) {
  return {{"registered", now.registered},
          {"identities", now.identities},
          {"active_identity", now.active_identity},
          {"openid", now.openid},
          {"reachable", now.reachable},
          {"reachability_at", domain::to_text(now.reachability_at)},
          {"privacy_version", now.privacy_version},
          {"created_at", domain::to_text(now.created_at)},
          {"drafts", to_json(now.drafts)},
          {"cases", to_json(now.cases)},
          {"memberships", to_json(now.memberships)}};
}

json snapshot_pii(const state& now) {
  return {
    {"name", now.name}, {"phone", now.phone}, {"forms", forms_of(now.drafts)}};
}

void restore(state& now, const json& data, const json& pii) {
  restore_person(now, data, pii);
  auto forms = object_at(pii, "forms");
  const auto drafts = object_at(data, "drafts");
  const auto cases = object_at(data, "cases");
  const auto memberships = object_at(data, "memberships");
  for (const auto& [id, each] : drafts.items())
    now.drafts[id] = draft_of(each, object_at(forms, id));
  for (const auto& [id, each] : cases.items())
    now.cases[id] = case_ref_of(each);
  for (const auto& [pool, each] : memberships.items())
    now.memberships[pool] = membership_of(each);
}

} // namespace zhiku::domain::applicant
