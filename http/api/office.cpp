// The exam office: plans (RULES 2.4).

#include "base/random.hpp"
#include "domain/exam/exam_plan.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"
#include "persistence/queries/plans.hpp"

namespace zhiku::http {

namespace {

using domain::json;

/// The same plan for a repeat of the same request.
std::string plan_id(const call& asked) {
  if (asked.command_id.empty())
    return new_uuid();
  return domain::derive_id(asked.command_id, "plan");
}

void create_plan(services& s, const call_ptr& asked) {
  auto typed = asked->body;
  typed["id"] = plan_id(*asked);
  auto plan = domain::exam_plan_of(typed);
  if (!plan)
    return asked->refuse(plan.error());
  if (plan->window_end <= s.now())
    return asked->refuse(domain::refusal{
      domain::errc::invalid_input,
      {},
      {{"window_end", "in_the_past", "考试结束时间须晚于现在"}}});
  s.read(asked,
         [&s, whole = domain::to_json(*plan)](
           soci::session& sql) -> domain::result<json> {
           if (!persistence::insert_plan(sql, whole, s.now()))
             return domain::errc::idempotency_key_reused;
           return whole;
         });
}

void list_plans(services& s, const call_ptr& asked) {
  s.read(asked, [](soci::session& sql) -> domain::result<json> {
    return json{{"items", persistence::all_plans(sql)}};
  });
}

json plan_body() {
  auto block =
    schema::object({{"type", schema::choice({"SINGLE", "MULTI", "JUDGE"})},
                    {"count", schema::integer(1, 400)},
                    {"tenths", schema::integer(1, 1000)}});
  return schema::object(
    {{"name", schema::text(100)},
     {"window_start", schema::instant()},
     {"window_end", schema::instant()},
     {"duration_s", schema::integer(1, 86'400)},
     {"pass_tenths", schema::integer(0, 10'000)},
     {"paper", schema::list(block, 10, 1)},
     {"multi_rule",
      schema::choice({"ALL_OR_NOTHING", "HALF_IF_SUBSET", "PER_OPTION"})}});
}

} // namespace

route_table office_routes(services& s) {
  return {
    {"POST",
     "/api/v1/office/plans",
     "createPlan",
     "发布考试计划",
     staff({"EXAM_ADMIN"}),
     [&s](const call_ptr& asked) { create_plan(s, asked); },
     plan_body(),
     schema::any_object(),
     {},
     201},
    {"GET", "/api/v1/office/plans", "listPlans", "考试计划",
     staff({"EXAM_ADMIN", "CHECKER"}),
     [&s](const call_ptr& asked) { list_plans(s, asked); }, nullptr,
     list_schema()},
  };
}

} // namespace zhiku::http
