// Drafts and submitted applications of their owner (RULES 1.2, 2.2).

#include "domain/fields.hpp"
#include "domain/form.hpp"
#include "http/api/paging.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;

std::string owner_stream(const call& asked) {
  return "applicant/" + asked.login->applicant_id;
}

std::string case_stream(const call& asked) {
  return "review_case/" + asked.path("id");
}

// --- drafts ------------------------------------------------------------------

void list_drafts(services& s, const call_ptr& asked) {
  s.read(asked, [asked](soci::session& sql) -> domain::result<json> {
    return json{
      {"items", persistence::drafts_of(sql, asked->login->applicant_id)}};
  });
}

void show_draft(services& s, const call_ptr& asked) {
  auto order = s.order_of(*asked, owner_stream(*asked), {"view"});
  s.execute(asked, std::move(order), [asked](const json& person) {
    for (const auto& draft : person.at("drafts"))
      if (domain::text_at(draft, "id") == asked->path("id"))
        return asked->answer(asked->matched.status, draft);
    asked->refuse(errc::not_found);
  });
}

void create_draft(services& s, const call_ptr& asked) {
  s.forward(asked, owner_stream(*asked),
            {"save_draft", json::object(), {{"form", asked->body.at("form")}}});
}

void save_draft(services& s, const call_ptr& asked) {
  s.forward(asked, owner_stream(*asked),
            {"save_draft",
             {{"draft_id", asked->path("id")},
              {"base_version", asked->body.at("base_version")}},
             {{"form", asked->body.at("form")}}});
}

void delete_draft(services& s, const call_ptr& asked) {
  s.forward(asked, owner_stream(*asked),
            {"delete_draft", {{"draft_id", asked->path("id")}}});
}

void submit_draft(services& s, const call_ptr& asked) {
  s.forward(asked, owner_stream(*asked),
            {"submit",
             {{"draft_id", asked->path("id")},
              {"base_version", asked->body.at("base_version")},
              {"declarations", asked->body.at("declarations")}}});
}

// --- applications ------------------------------------------------------------

/// E14: the same rule as for the case and for the exam's result.
bool hides_score(const services& s, const call& asked) {
  return asked.login->channel == "WECHAT"
         && !s.with.settings.rules.exam_score_on_wechat;
}

void list_applications(services& s, const call_ptr& asked) {
  auto page = page_asked(*asked, persistence::newest());
  if (!page)
    return asked->refuse(page.error());
  s.read(asked,
         [&s, asked, page = *page](soci::session& sql) -> domain::result<json> {
           auto rows = persistence::cases_of(sql, asked->login->applicant_id,
                                             page.after, page.limit + 1);
           if (hides_score(s, *asked))
             for (auto& row : rows)
               row.erase("score_tenths");
           return page_of(std::move(rows), static_cast<std::size_t>(page.limit),
                          "submitted_at");
         });
}

void show_application(services& s, const call_ptr& asked) {
  s.forward(asked, case_stream(*asked), {"view"});
}

void withdraw(services& s, const call_ptr& asked) {
  s.forward(asked, case_stream(*asked), {"withdraw"});
}

void supplement(services& s, const call_ptr& asked) {
  s.forward(asked, case_stream(*asked),
            {"resubmit", json::object(), {{"form", asked->body.at("form")}}});
}

json form_schema() {
  return schema::object({{"form", schema::any_object()}});
}

json version_schema() {
  return schema::integer(0, 1'000'000);
}

json draft_reply() {
  return schema::answer(
    {{"draft_id", uuid_schema()}, {"version", version_schema()}});
}

json state_reply() {
  return schema::answer(
    {{"case_id", uuid_schema()}, {"state", schema::text()}});
}

} // namespace

route_table pool_routes(services&) {
  return {{"GET", "/api/v1/pools", "listPools", "专家类别、表单与声明",
           anyone(),
           [](const call_ptr& asked) {
             asked->answer(200, domain::pools_and_forms());
           },
           nullptr, schema::any_object()}};
}

route_table draft_routes(services& s) {
  return {
    {"GET", "/api/v1/drafts", "listDrafts", "草稿箱", person(),
     [&s](const call_ptr& asked) { list_drafts(s, asked); }, nullptr,
     list_schema()},
    {"POST",
     "/api/v1/drafts",
     "createDraft",
     "存为草稿",
     person(),
     [&s](const call_ptr& asked) { create_draft(s, asked); },
     form_schema(),
     draft_reply(),
     {},
     201},
    {"GET", "/api/v1/drafts/{id}", "showDraft", "打开草稿", person(),
     [&s](const call_ptr& asked) { show_draft(s, asked); }, nullptr,
     schema::any_object()},
    {"PUT", "/api/v1/drafts/{id}", "saveDraft", "保存草稿", person(),
     [&s](const call_ptr& asked) { save_draft(s, asked); },
     schema::object(
       {{"base_version", version_schema()}, {"form", schema::any_object()}}),
     draft_reply()},
    {"DELETE", "/api/v1/drafts/{id}", "deleteDraft", "删除草稿", person(),
     [&s](const call_ptr& asked) { delete_draft(s, asked); }, nullptr,
     schema::answer({})},
    {"POST",
     "/api/v1/drafts/{id}/submit",
     "submitDraft",
     "提交申请",
     person(),
     [&s](const call_ptr& asked) { submit_draft(s, asked); },
     schema::object({{"base_version", version_schema()},
                     {"declarations", schema::list(schema::text(60), 20)}}),
     schema::answer({{"case_id", uuid_schema()}, {"number", schema::text(40)}}),
     {},
     201},
  };
}

route_table application_routes(services& s) {
  return {
    {"GET", "/api/v1/applications", "listApplications", "申请记录", person(),
     [&s](const call_ptr& asked) { list_applications(s, asked); }, nullptr,
     page_schema(), paging_fields()},
    {"GET", "/api/v1/applications/{id}", "showApplication", "查看申请",
     person(), [&s](const call_ptr& asked) { show_application(s, asked); },
     nullptr, schema::any_object()},
    {"POST", "/api/v1/applications/{id}/withdraw", "withdrawApplication",
     "撤回申请", person(), [&s](const call_ptr& asked) { withdraw(s, asked); },
     nullptr, state_reply()},
    {"POST", "/api/v1/applications/{id}/supplement", "supplementApplication",
     "补充资料", person(),
     [&s](const call_ptr& asked) { supplement(s, asked); }, form_schema(),
     state_reply()},
  };
}

} // namespace zhiku::http
