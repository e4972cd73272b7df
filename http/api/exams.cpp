// The entrance exam of its sitter (RULES 1.3, 4).

#include "domain/channel_rule.hpp"
#include "http/api/routes.hpp"
#include "http/api/schemas.hpp"
#include "persistence/queries/lists.hpp"

namespace zhiku::http {

namespace {

using domain::json;

std::string exam_stream(const call& asked) {
  return "exam_session/" + asked.path("id");
}

void list_exams(services& s, const call_ptr& asked) {
  s.read(asked, [asked](soci::session& sql) -> domain::result<json> {
    return json{
      {"items", persistence::exams_of(sql, asked->login->applicant_id)}};
  });
}

void answer_question(services& s, const call_ptr& asked) {
  auto data = asked->body;
  data["n"] = std::stoi(asked->path("n"));
  s.forward(asked, exam_stream(*asked), {"answer", std::move(data)});
}

/// A command whose data is the checked body as it is.
std::function<void(const call_ptr&)> carry(services& s, std::string command) {
  return [&s, command = std::move(command)](const call_ptr& asked) {
    auto data = asked->body.is_null() ? json::object() : asked->body;
    s.forward(asked, exam_stream(*asked), {command, std::move(data)});
  };
}

json clock_members(std::vector<schema::member> members) {
  members.push_back({"server_time", schema::instant()});
  members.push_back({"remaining_ms", schema::integer(0, 86'400'000)});
  return schema::answer(std::move(members));
}

json answer_body() {
  return schema::object({{"choice", schema::list(schema::text(8), 26)},
                         {"seq", schema::integer(0, INT64_C(1) << 53)},
                         {"writer", schema::text(100)}});
}

} // namespace

route_table exam_routes(services& s) {
  return {
    {"GET", "/api/v1/exams", "listExams", "我的考试", person(),
     [&s](const call_ptr& asked) { list_exams(s, asked); }, nullptr,
     list_schema()},
    {"GET", "/api/v1/exams/{id}", "showExam", "考试与试卷", person(),
     carry(s, "view"), nullptr, schema::any_object()},
    {"POST", "/api/v1/exams/{id}/start", "startExam", "开始或继续答题",
     person(), carry(s, "start"),
     schema::object({schema::optional("takeover", schema::flag())}),
     clock_members(
       {{"writer", schema::text(100)}, {"deadline_at", schema::instant()}})},
    {"PUT", "/api/v1/exams/{id}/answers/{n}", "saveAnswer", "保存答案",
     person(), [&s](const call_ptr& asked) { answer_question(s, asked); },
     answer_body(),
     clock_members({{"n", schema::integer(1, 999)},
                    {"seq", schema::integer(0, INT64_C(1) << 53)}})},
    {"POST", "/api/v1/exams/{id}/submit", "handIn", "交卷", person(),
     carry(s, "hand_in"),
     schema::object({{"writer", schema::text(100)},
                     schema::optional("auto", schema::flag())}),
     schema::answer({{"state", schema::text()}})},
    {"GET", "/api/v1/exams/{id}/result", "showResult", "考试成绩", person(),
     carry(s, "result"), nullptr, schema::answer({{"state", schema::text()}})},
  };
}

} // namespace zhiku::http
