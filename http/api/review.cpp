// Reviewers' work on cases (RULES 1.6, 2.2). What staff may do in which state
// is decided by the case; the table only keeps other roles out.

#include "base/log.hpp"
#include "domain/fields.hpp"
#include "domain/masking.hpp"
#include "domain/review_case/review_case.hpp"
#include "http/api/paging.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"
#include "persistence/queries/plans.hpp"

#include <soci/soci.h>

namespace zhiku::http {

namespace {

using domain::errc;
using domain::json;
using domain::text_at;

std::string case_stream(const call& asked) {
  return "review_case/" + asked.path("id");
}

// --- the queue ---------------------------------------------------------------

/// Puts the masked name in place of what is sealed.
domain::result<domain::nothing> mask_row(persistence::vault& keys,
                                         soci::session& sql, json& row) {
  auto clear =
    keys.open(sql, text_at(row, "applicant_id"), text_at(row, "sealed"));
  if (!clear)
    return clear.error();
  row["name"] = domain::mask_name(text_at(*clear, "name"));
  row.erase("score_tenths"); // E14: the case shows it to whom it may
  row.erase("sealed");
  return domain::nothing{};
}

domain::result<json> masked_queue(persistence::vault& keys, soci::session& sql,
                                  const std::string& state,
                                  const page_request& page) {
  auto rows = persistence::review_queue(sql, state, page.after, page.limit + 1);
  for (auto& row : rows)
    if (auto masked = mask_row(keys, sql, row); !masked)
      return masked.error();
  return page_of(std::move(rows), static_cast<std::size_t>(page.limit),
                 "submitted_at");
}

void list_cases(services& s, const call_ptr& asked) {
  auto page = page_asked(*asked, persistence::oldest());
  if (!page)
    return asked->refuse(page.error());
  s.read(asked,
         [&s, state = asked->query("state"), page = *page](soci::session& sql) {
           return masked_queue(s.with.vault, sql, state, page);
         });
}

/// A look at personal data is itself on record (RULES 3.9).
void show_case(services& s, const call_ptr& asked) {
  log::info("staff views case", {{"staff", asked->login->staff_id},
                                 {"case", asked->path("id")},
                                 {"request", asked->asked.id}});
  s.forward(asked, case_stream(*asked), {"view"});
}

/// Not under the client's key: what is revealed is kept in no reply.
void reveal_case(services& s, const call_ptr& asked) {
  if (!s.reveals_by_staff.admit(asked->login->staff_id, s.now()))
    return asked->refuse(errc::rate_limited);
  log::info("staff reveals case", {{"staff", asked->login->staff_id},
                                   {"case", asked->path("id")},
                                   {"request", asked->asked.id}});
  auto order = s.order_of(*asked, case_stream(*asked),
                          {"reveal", {{"purpose", asked->body.at("purpose")}}});
  order.command_id.clear();
  order.request.clear();
  s.execute(asked, std::move(order), [asked](const json& reply) {
    asked->answer(asked->matched.status, reply);
  });
}

// --- decisions ---------------------------------------------------------------

/// A command whose data is the checked body as it is.
std::function<void(const call_ptr&)> decide(services& s, std::string command) {
  return [&s, command = std::move(command)](const call_ptr& asked) {
    auto data = asked->body.is_null() ? json::object() : asked->body;
    s.forward(asked, case_stream(*asked), {command, std::move(data)});
  };
}

/// The plan that was named, or else the next one that leaves the notice due
/// (edge 15, 16); null when there is none.
domain::result<json> choose_plan(services& s, const std::string& named) {
  json plan;
  auto read = s.with.readers.run([&](soci::session& sql) {
    plan = named.empty() ? persistence::next_plan(
             sql, s.now() + s.with.settings.rules.exam_min_notice)
                         : persistence::published_plan(sql, named);
  });
  if (!read)
    return read.error();
  if (plan.is_null() && !named.empty())
    return domain::invalid("plan_id", "not_a_choice", "没有这个考试计划");
  return plan;
}

/// A command that binds the applicant to an exam plan.
std::function<void(const call_ptr&)> with_plan(services& s,
                                               std::string command) {
  return [&s, command = std::move(command)](const call_ptr& asked) {
    s.offload(asked, [&s, asked, command] {
      auto plan = choose_plan(s, std::string{text_at(asked->body, "plan_id")});
      if (!plan)
        return asked->refuse(plan.error());
      s.forward(asked, case_stream(*asked), {command, {{"plan", *plan}}});
    });
  };
}

json state_reply() {
  return schema::answer(
    {{"case_id", uuid_schema()}, {"state", schema::text()}});
}

json remarks_body() {
  auto remark =
    schema::object({{"item", schema::text(60)}, {"text", schema::text(500)}});
  return schema::object({{"remarks", schema::list(remark, 50, 1)}});
}

json reason_body() {
  return schema::object({{"reason", schema::text(500)}});
}

json plan_body() {
  return schema::object({schema::optional("plan_id", schema::text(64))});
}

json pools_body() {
  return schema::object(
    {{"pools", schema::list(schema::choice({"BID", "GREEN"}), 2, 1)}});
}

std::vector<query_field> queue_fields() {
  auto fields = paging_fields();
  fields.push_back(
    {"state", schema::choice(domain::review_case::stage_texts())});
  return fields;
}

access any_reviewer() {
  return staff({"ACCEPTOR", "CHECKER", "APPROVER"});
}

} // namespace

route_table review_routes(services& s) {
  const std::string one = "/api/v1/review/cases/{id}";
  return {
    {"GET", "/api/v1/review/cases", "listCases", "待办申请", any_reviewer(),
     [&s](const call_ptr& asked) { list_cases(s, asked); }, nullptr,
     page_schema(), queue_fields()},
    {"GET", one, "showCase", "申请详情", any_reviewer(),
     [&s](const call_ptr& asked) { show_case(s, asked); }, nullptr,
     schema::any_object()},
    {"POST", one + "/reveal", "revealCase", "查看脱敏信息",
     staff({"CHECKER", "POOL_ADMIN", "AUDITOR"}),
     [&s](const call_ptr& asked) { reveal_case(s, asked); },
     schema::object({{"purpose", schema::text(200, 4)}}),
     schema::answer({{"fields", schema::any_object()}})},
    {"POST", one + "/accept", "acceptCase", "受理", staff({"ACCEPTOR"}),
     decide(s, "accept"), nullptr, state_reply()},
    {"POST", one + "/return", "returnCase", "退回补资料", staff({"CHECKER"}),
     decide(s, "return"), remarks_body(), state_reply()},
    {"POST", one + "/qualify", "qualifyCase", "核查合格", staff({"CHECKER"}),
     with_plan(s, "pass"), plan_body(), state_reply()},
    {"POST", one + "/reject", "rejectCase", "核查不合格", staff({"CHECKER"}),
     decide(s, "reject"), reason_body(), state_reply()},
    {"POST", one + "/plan", "assignExam", "安排考试",
     staff({"EXAM_ADMIN", "CHECKER"}), with_plan(s, "bind_plan"), plan_body(),
     state_reply()},
    {"POST", one + "/appoint", "appointExpert", "审定聘用", staff({"APPROVER"}),
     decide(s, "appoint"), pools_body(), state_reply()},
    {"POST", one + "/not-approve", "notApprove", "审定不通过",
     staff({"APPROVER"}), decide(s, "not_approve"), reason_body(),
     state_reply()},
  };
}

} // namespace zhiku::http
