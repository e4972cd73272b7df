#include "domain/applicant/applicant.hpp"

#include "domain/applicant/applicant_codec.hpp"
#include "domain/dispatch.hpp"
#include "domain/form.hpp"
#include "domain/hash.hpp"
#include "domain/review_case/review_case.hpp"
#include "domain/validation/numbers.hpp"
#include "domain/validation/text.hpp"

#include <algorithm>

namespace zhiku::domain::applicant {

namespace {

constexpr std::size_t most_live_drafts = 20;

bool contains(const std::vector<std::string>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

bool overlap(const std::vector<std::string>& a,
             const std::vector<std::string>& b) {
  return std::any_of(a.begin(), a.end(),
                     [&](const auto& each) { return contains(b, each); });
}

bool is_known(const state& now, const context& ctx) {
  return now.registered && is_owner(ctx, now.id);
}

/// The front door speaks for somebody whose phone was just proven; an
/// applicant speaks for themselves; staff for nobody.
bool may_identify(const state& now, const context& ctx) {
  return is_system(ctx) || ctx.who.has("VISITOR") || is_owner(ctx, now.id);
}

json who_reply(const state& now) {
  return {{"applicant_id", now.id}};
}

// --- identity (RULES 2.1) ----------------------------------------------------

std::string read_identity(field_reader& in) {
  return in.choice("identity", {expert_identity, "PROJECT_LEADER"});
}

std::string read_name(field_reader& in, const command& cmd) {
  auto name = name_of(text_at(cmd.pii, "name"));
  if (!name)
    in.complain("name", "malformed", "姓名格式不正确");
  return name.value_or(std::string{});
}

/// I-2 for a known person. Edge 43, 44: a phone alone does not make them the
/// same, and the answer does not say what differs.
result<decision> bind(const state& now, const command& cmd,
                      const context& ctx) {
  if (!may_identify(now, ctx) || !now.registered)
    return errc::not_found;
  field_reader in{cmd.data};
  auto identity = read_identity(in);
  auto openid = in.optional_text("openid");
  auto name = read_name(in, cmd);
  if (!in.ok())
    return in.refused();
  if (name != now.name)
    return errc::identity_mismatch;
  bool unchanged = contains(now.identities, identity)
                   && now.active_identity == identity
                   && (openid.empty() || openid == now.openid);
  if (unchanged)
    return only_reply(who_reply(now));
  return happened({"bound",
                   {{"openid", openid},
                    {"identity", identity},
                    {"at", domain::to_text(ctx.now)}}},
                  who_reply(now));
}

/// I-2 for a new person; a repeat for a known one binds.
result<decision> enrol(const state& now, const command& cmd,
                       const context& ctx) {
  if (now.registered)
    return bind(now, cmd, ctx);
  if (!may_identify(now, ctx))
    return errc::not_found;
  field_reader in{cmd.data};
  auto identity = read_identity(in);
  auto openid = in.optional_text("openid");
  auto privacy = in.optional_text("privacy_version");
  auto name = read_name(in, cmd);
  auto phone = mobile_of(text_at(cmd.pii, "phone"));
  if (!phone)
    in.complain("phone", "malformed", "手机号码格式不正确");
  if (!in.ok())
    return in.refused();
  if (privacy.empty())
    return errc::consent_required;
  return happened({"registered",
                   {{"identity", identity},
                    {"openid", openid},
                    {"privacy_version", privacy},
                    {"at", domain::to_text(ctx.now)}},
                   {{"name", name}, {"phone", *phone}}},
                  who_reply(now));
}

result<decision> login(const state& now, const command&, const context& ctx) {
  if (!may_identify(now, ctx) || !now.registered)
    return errc::not_found;
  return happened({"logged_in",
                   {{"channel", domain::to_text(ctx.who.ch)},
                    {"at", domain::to_text(ctx.now)}}},
                  who_reply(now));
}

/// I-7. Pushes may come late and out of order; only the newest counts.
result<decision> change_reachability(const state& now, const command& cmd,
                                     const context& ctx, bool reachable) {
  if (!is_system(ctx) && !ctx.who.has("VISITOR"))
    return errc::forbidden;
  field_reader in{cmd.data};
  auto openid = in.text("openid");
  auto at = in.at("at");
  if (!in.ok())
    return in.refused();
  if (openid != now.openid || at <= now.reachability_at)
    return only_reply();
  return happened(
    {reachable ? "followed" : "unfollowed", {{"at", domain::to_text(at)}}});
}

result<decision> follow(const state& now, const command& cmd,
                        const context& ctx) {
  return change_reachability(now, cmd, ctx, true);
}

result<decision> unfollow(const state& now, const command& cmd,
                          const context& ctx) {
  return change_reachability(now, cmd, ctx, false);
}

/// The WeChat account is gone (W7): what was bound to it no longer is.
result<decision> unbind(const state& now, const command& cmd,
                        const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  field_reader in{cmd.data};
  auto openid = in.text("openid");
  if (!in.ok())
    return in.refused();
  if (openid != now.openid)
    return only_reply();
  return happened({"unbound", {{"at", domain::to_text(ctx.now)}}});
}

/// I-5, I-6.
result<decision> switch_identity(const state& now, const command& cmd,
                                 const context& ctx) {
  if (!is_known(now, ctx))
    return errc::not_found;
  auto identity = std::string{text_at(cmd.data, "identity")};
  if (!contains(now.identities, identity))
    return errc::forbidden;
  json reply = {{"active_identity", identity}};
  if (identity == now.active_identity)
    return only_reply(std::move(reply));
  return happened({"identity_switched",
                   {{"identity", identity}, {"at", domain::to_text(ctx.now)}}},
                  std::move(reply));
}

// --- drafts (C-1 to C-3) -----------------------------------------------------

json draft_reply(const std::string& id, int version) {
  return {{"draft_id", id}, {"version", version}};
}

bool is_live(const draft& each) {
  return each.at == draft_stage::draft || each.at == draft_stage::withdrawn;
}

const draft* find_draft(const state& now, std::string_view id) {
  auto found = now.drafts.find(std::string{id});
  return found == now.drafts.end() ? nullptr : &found->second;
}

/// Why the draft cannot be worked on from `base_version`, or none. The version
/// comes before the stage: who is behind must reload first (edge 3).
errc edit_refused(const draft* each, std::optional<std::int64_t> base_version) {
  if (each == nullptr)
    return errc::not_found;
  if (each->at == draft_stage::deleted)
    return errc::gone;
  if (base_version != each->version)
    return errc::version_stale;
  return is_live(*each) ? errc::none : errc::state_conflict;
}

event draft_saved(const std::string& id, int version, json form,
                  const context& ctx) {
  return {"draft_saved",
          {{"draft_id", id},
           {"version", version},
           {"pools", target_pools_of(form)},
           {"at", domain::to_text(ctx.now)}},
          {{"form", std::move(form)}}};
}

bool has_room(const state& now) {
  auto live = std::count_if(now.drafts.begin(), now.drafts.end(),
                            [](const auto& e) { return is_live(e.second); });
  return static_cast<std::size_t>(live) < most_live_drafts;
}

result<decision> save_draft(const state& now, const command& cmd,
                            const context& ctx) {
  if (!is_known(now, ctx))
    return errc::not_found;
  std::string id{text_at(cmd.data, "draft_id")};
  int version = 1;
  if (!id.empty()) {
    const draft* each = find_draft(now, id);
    if (auto why = edit_refused(each, integer_at(cmd.data, "base_version"));
        why != errc::none)
      return why;
    version = each->version + 1;
  } else {
    if (!has_room(now))
      return refusal{errc::state_conflict, "草稿过多，请先删除不用的草稿", {}};
    id = derive_id(ctx.command_id, "draft/" + now.id);
  }
  auto checked =
    validate(object_at(cmd.pii, "form"), form_mode::draft, ctx.now);
  if (!checked.ok())
    return invalid(std::move(checked.errors));
  return happened(draft_saved(id, version, std::move(checked.form), ctx),
                  draft_reply(id, version));
}

/// C-3, edge 6.
result<decision> delete_draft(const state& now, const command& cmd,
                              const context& ctx) {
  if (!is_known(now, ctx))
    return errc::not_found;
  std::string id{text_at(cmd.data, "draft_id")};
  const draft* each = find_draft(now, id);
  if (each == nullptr)
    return errc::not_found;
  if (each->at == draft_stage::deleted)
    return only_reply();
  if (!is_live(*each))
    return errc::state_conflict;
  return happened({"draft_deleted",
                   {{"draft_id", id},
                    {"version", each->version + 1},
                    {"at", domain::to_text(ctx.now)}}});
}

// --- submission (C-4) --------------------------------------------------------

/// Eight characters of Crockford's base 32: no I, L, O or U to misread.
std::string short_code(std::string_view text) {
  auto bits = hash_text(text, 5);
  std::string code;
  for (int i = 0; i < 8; ++i, bits >>= 5)
    code += "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[bits & 31];
  return code;
}

bool is_open(const case_ref& each) {
  return !review_case::is_final(review_case::stage_of(each.state));
}

/// Edge 4, 59: one open case and one live term a pool.
errc pools_taken(const state& now, const std::vector<std::string>& pools) {
  for (const auto& [id, each] : now.cases)
    if (is_open(each) && overlap(each.pools, pools))
      return errc::open_case_exists;
  for (const auto& [pool, term] : now.memberships)
    if (contains(pools, pool))
      return errc::already_expert;
  return errc::none;
}

/// Every wrong field at once (edge 7); the name must be the proven one.
std::vector<field_error> faults(const state& now, const checked_form& checked) {
  auto errors = checked.errors;
  auto name = text_at(checked.form, "name");
  if (!name.empty() && name != now.name)
    errors.push_back({"name", "disagrees", "姓名与认证信息不一致"});
  return errors;
}

event application_submitted(const state& now, const std::string& draft_id,
                            json form, const context& ctx) {
  auto case_id = derive_id(ctx.command_id, "case/" + now.id);
  auto number =
    "PM" + std::to_string(beijing_day(ctx.now)) + short_code(case_id);
  return {"application_submitted",
          {{"draft_id", draft_id},
           {"version", find_draft(now, draft_id)->version + 1},
           {"case_id", std::move(case_id)},
           {"number", std::move(number)},
           {"pools", target_pools_of(form)},
           {"declarations", declaration_ids()},
           {"form_version", form_version},
           {"at", domain::to_text(ctx.now)}},
          {{"form", std::move(form)}}};
}

result<decision> submit(const state& now, const command& cmd,
                        const context& ctx) {
  if (!is_known(now, ctx))
    return errc::not_found;
  std::string id{text_at(cmd.data, "draft_id")};
  const draft* each = find_draft(now, id);
  if (auto why = edit_refused(each, integer_at(cmd.data, "base_version"));
      why != errc::none)
    return why;
  auto unticked = missing_declarations(texts_at(cmd.data, "declarations"));
  if (!unticked.empty())
    return refusal{errc::consent_required, {}, std::move(unticked)};
  auto checked = validate(each->form, form_mode::submission, ctx.now);
  if (auto errors = faults(now, checked); !errors.empty())
    return invalid(std::move(errors));
  if (auto why = pools_taken(now, target_pools_of(checked.form));
      why != errc::none)
    return why;
  auto submitted = application_submitted(now, id, std::move(checked.form), ctx);
  json reply = {{"case_id", submitted.data["case_id"]},
                {"number", submitted.data["number"]}};
  return happened(std::move(submitted), std::move(reply));
}

// --- news from the case ------------------------------------------------------

/// News may come twice and out of order; once a case is over it stays so.
result<decision> case_changed(const state& now, const command& cmd,
                              const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  auto told = text_at(cmd.data, "state");
  auto found = now.cases.find(std::string{text_at(cmd.data, "case_id")});
  bool news = found != now.cases.end() && is_open(found->second)
              && found->second.state != told
              && review_case::stage_of(told) != review_case::stage::none;
  if (!news)
    return only_reply();
  return happened({"case_changed",
                   {{"case_id", found->first},
                    {"state", told},
                    {"at", domain::to_text(ctx.now)}}});
}

std::string member_number(std::string_view pool, std::string_view case_id,
                          instant at) {
  std::string number{pool};
  number += std::to_string(beijing_day(at) / 10000);
  return number += short_code(std::string{case_id} + std::string{pool});
}

json appointed_terms(const state& now, const command& cmd, instant at,
                     const context& ctx) {
  auto case_id = text_at(cmd.data, "case_id");
  auto start = beijing_date(at);
  json terms = json::object();
  for (const auto& pool : texts_at(cmd.data, "pools"))
    if (!pool_name(pool).empty() && !now.memberships.contains(pool))
      terms[pool] = to_json(membership{member_number(pool, case_id, at), start,
                                       add_years(start, ctx.rules->term_years),
                                       at, std::string{case_id}});
  return terms;
}

/// M-1; a pool with a live term is left as it is (edge 90).
result<decision> appoint(const state& now, const command& cmd,
                         const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  field_reader in{cmd.data};
  in.text("case_id");
  auto at = in.at("at");
  if (!in.ok())
    return in.refused();
  auto terms = appointed_terms(now, cmd, at, ctx);
  if (terms.empty() || !now.registered)
    return only_reply();
  return happened({"appointed", {{"memberships", std::move(terms)}}});
}

/// T-9. A term that was renewed or ended meanwhile is not reminded of.
result<decision> remind_term(const state& now, const command& cmd,
                             const context& ctx) {
  if (!is_system(ctx))
    return errc::forbidden;
  auto held = now.memberships.find(std::string{text_at(cmd.data, "pool")});
  auto days = integer_at(cmd.data, "days").value_or(0);
  auto runs =
    held != now.memberships.end()
    && domain::to_text(held->second.term_end) == text_at(cmd.data, "term_end")
    && beijing_date(ctx.now) < held->second.term_end;
  if (!runs)
    return only_reply();
  return happened({"term_reminded",
                   {{"pool", held->first},
                    {"days", days},
                    {"at", domain::to_text(ctx.now)}}});
}

// --- view --------------------------------------------------------------------

json drafts_view(const state& now) {
  json list = json::array();
  for (const auto& [id, each] : now.drafts) {
    if (each.at == draft_stage::deleted)
      continue;
    auto view = to_json(each);
    view["id"] = id;
    view["form"] = each.form;
    list.push_back(std::move(view));
  }
  return list;
}

template <class Value>
json keyed_list(const std::map<std::string, Value>& all, std::string_view key) {
  json list = json::array();
  for (const auto& [id, each] : all) {
    auto view = to_json(each);
    view[key] = id;
    list.push_back(std::move(view));
  }
  return list;
}

result<decision> view(const state& now, const command&, const context& ctx) {
  if (!is_known(now, ctx))
    return errc::not_found;
  return only_reply({{"id", now.id},
                     {"name", now.name},
                     {"phone", now.phone},
                     {"identities", now.identities},
                     {"active_identity", now.active_identity},
                     {"wechat_bound", !now.openid.empty()},
                     {"reachable", now.reachable},
                     {"created_at", domain::to_text(now.created_at)},
                     {"drafts", drafts_view(now)},
                     {"cases", keyed_list(now.cases, "id")},
                     {"memberships", keyed_list(now.memberships, "pool")}});
}

constexpr command_handler<state> commands[] = {
  {"register", enrol},
  {"bind", bind},
  {"login", login},
  {"follow", follow},
  {"unfollow", unfollow},
  {"unbind", unbind},
  {"switch_identity", switch_identity},
  {"save_draft", save_draft},
  {"delete_draft", delete_draft},
  {"submit", submit},
  {"case_changed", case_changed},
  {"appoint", appoint},
  {"remind_term", remind_term},
  {"view", view},
};

// --- evolve ------------------------------------------------------------------

instant at_of(const event& ev) {
  return instant_at(ev.data, "at").value_or(instant{});
}

/// A person who has just come out of WeChat can be reached there.
void bind_openid(state& now, const event& ev) {
  auto openid = text_at(ev.data, "openid");
  if (openid.empty() || openid == now.openid)
    return;
  now.openid = openid;
  now.reachable = true;
  now.reachability_at = instant{};
}

void hold_identity(state& now, const event& ev) {
  now.active_identity = text_at(ev.data, "identity");
  if (!contains(now.identities, now.active_identity))
    now.identities.push_back(now.active_identity);
}

void when_registered(state& now, const event& ev) {
  now.registered = true;
  now.name = text_at(ev.pii, "name");
  now.phone = text_at(ev.pii, "phone");
  now.privacy_version = text_at(ev.data, "privacy_version");
  now.created_at = at_of(ev);
  hold_identity(now, ev);
  bind_openid(now, ev);
}

void when_bound(state& now, const event& ev) {
  hold_identity(now, ev);
  bind_openid(now, ev);
}

void when_switched(state& now, const event& ev) {
  now.active_identity = text_at(ev.data, "identity");
}

void when_followed(state& now, const event& ev) {
  now.reachable = true;
  now.reachability_at = at_of(ev);
}

void when_unfollowed(state& now, const event& ev) {
  now.reachable = false;
  now.reachability_at = at_of(ev);
}

void when_unbound(state& now, const event& ev) {
  now.openid.clear();
  when_unfollowed(now, ev);
}

draft& touch(state& now, const event& ev) {
  auto& each = now.drafts[std::string{text_at(ev.data, "draft_id")}];
  each.version = static_cast<int>(integer_at(ev.data, "version").value_or(0));
  each.saved_at = at_of(ev);
  return each;
}

/// A withdrawn draft that is edited is an ordinary draft again.
void when_saved(state& now, const event& ev) {
  auto& each = touch(now, ev);
  each.at = draft_stage::draft;
  each.pools = texts_at(ev.data, "pools");
  each.form = object_at(ev.pii, "form");
}

void when_deleted(state& now, const event& ev) {
  auto& each = touch(now, ev);
  each.at = draft_stage::deleted;
  each.form = json::object();
}

void when_submitted(state& now, const event& ev) {
  auto& each = touch(now, ev);
  each.at = draft_stage::submitted;
  each.pools = texts_at(ev.data, "pools");
  each.form = object_at(ev.pii, "form");
  now.cases[std::string{text_at(ev.data, "case_id")}] = {
    std::string{text_at(ev.data, "draft_id")},
    std::string{text_at(ev.data, "number")}, each.pools, "SUBMITTED"};
}

void when_case_changed(state& now, const event& ev) {
  auto found = now.cases.find(std::string{text_at(ev.data, "case_id")});
  if (found == now.cases.end())
    return;
  found->second.state = text_at(ev.data, "state");
  if (found->second.state != "WITHDRAWN")
    return;
  auto& each = now.drafts[found->second.draft_id];
  each.at = draft_stage::withdrawn;
  ++each.version;
}

void when_appointed(state& now, const event& ev) {
  const auto terms = object_at(ev.data, "memberships");
  for (const auto& [pool, term] : terms.items())
    now.memberships[pool] = membership_of(term);
}

constexpr event_handler<state> events[] = {
  {"registered", when_registered},
  {"bound", when_bound},
  {"identity_switched", when_switched},
  {"followed", when_followed},
  {"unfollowed", when_unfollowed},
  {"unbound", when_unbound},
  {"draft_saved", when_saved},
  {"draft_deleted", when_deleted},
  {"application_submitted", when_submitted},
  {"case_changed", when_case_changed},
  {"appointed", when_appointed},
};

effect opening(const state& now, const event& ev) {
  auto opened =
    to_entity("review_case/" + std::string{text_at(ev.data, "case_id")}, "open",
              {{"applicant_id", now.id},
               {"number", ev.data.value("number", "")},
               {"pools", texts_at(ev.data, "pools")},
               {"declarations", texts_at(ev.data, "declarations")},
               {"submitted_at", text_at(ev.data, "at")}});
  opened.pii = {{"form", object_at(ev.pii, "form")}};
  return opened;
}

// T-9, at nine in the morning Beijing.
constexpr int term_reminder_days[] = {90, 30, 7};
constexpr std::chrono::hours nine_in_beijing{9 - 8};

std::vector<effect> term_reminders(const state& now, const event& ev) {
  std::vector<effect> all;
  const auto terms = object_at(ev.data, "memberships");
  for (const auto& [pool, ignored] : terms.items()) {
    const auto& term_end = now.memberships.at(pool).term_end;
    for (auto days : term_reminder_days) {
      auto morning = std::chrono::sys_days{term_end} - std::chrono::days{days};
      all.push_back(wake("applicant/" + now.id, "remind_term",
                         {{"pool", pool},
                          {"days", days},
                          {"term_end", domain::to_text(term_end)}},
                         instant{morning} + nine_in_beijing));
    }
  }
  return all;
}

effect term_notice(const state& now, const event& ev) {
  std::string pool{text_at(ev.data, "pool")};
  const auto& held = now.memberships.at(pool);
  auto days = integer_at(ev.data, "days").value_or(0);
  return notify(now.id, "TERM_ENDING_" + std::to_string(days),
                {{"number", held.number},
                 {"pool_names", {pool_name(pool)}},
                 {"days_left", days},
                 {"at", text_at(ev.data, "at")},
                 {"term_end_text", domain::to_text(held.term_end)}});
}

} // namespace

result<decision> decide(const state& now, const command& cmd,
                        const context& ctx) {
  return dispatch(commands, now, cmd, ctx);
}

void evolve(state& now, const event& ev) {
  dispatch(events, now, ev);
}

std::vector<effect> effects(const state& now, const event& ev) {
  if (ev.type == "application_submitted")
    return {opening(now, ev)};
  if (ev.type == "appointed")
    return term_reminders(now, ev);
  if (ev.type == "term_reminded")
    return {term_notice(now, ev)};
  return {};
}

std::string subject(const state& now) {
  return now.id;
}

bool is_final(const state&) {
  return false;
}

std::string_view state_name(const state& now) {
  return now.registered ? "REGISTERED" : "NEW";
}

} // namespace zhiku::domain::applicant
