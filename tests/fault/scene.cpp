#include "tests/fault/scene.hpp"

#include "app/wiring.hpp"
#include "base/random.hpp"
#include "domain/exam/question_bank.hpp"
#include "domain/form.hpp"
#include "http/session.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/questions.hpp"
#include "tests/fault/server.hpp"
#include "tests/support/settings.hpp"

#include <future>
#include <stdexcept>

#include <prometheus/registry.h>
#include <soci/soci.h>

namespace zhiku::fault {

namespace {

using actors::order;
using actors::outcome;

constexpr auto applicant_name = "李明";
constexpr int paper_length = 8;
constexpr milliseconds patience{30'000};

/// As a server on that database would have them; it needs some port.
config::settings settings_for(const std::string& dsn) {
  return tests::development_settings(server_environment(dsn, 1));
}

outcome expect_ok(outcome seen, const char* what) {
  if (!seen.ok())
    throw std::runtime_error(std::string{what} + " was refused: "
                             + std::string{domain::code(seen.code)});
  return seen;
}

std::vector<json> replies(std::vector<outcome> seen, const char* what) {
  std::vector<json> list;
  for (auto& each : seen)
    list.push_back(expect_ok(std::move(each), what).reply);
  return list;
}

std::string phone_of(std::size_t number) {
  auto digits = std::to_string(10'000'000 + number);
  return "139" + digits;
}

order registration(const std::string& id, std::size_t number) {
  domain::command cmd{
    "register",
    {{"identity", domain::expert_identity}, {"privacy_version", "1"}},
    {{"name", applicant_name}, {"phone", phone_of(number)}}};
  return {"applicant/" + id, std::move(cmd), system_actor(), {}};
}

persistence::session_row login_of(const person& who, instant now) {
  persistence::session_row row;
  row.token_hash = http::token_hash(who.token);
  row.kind = "PERSON";
  row.channel = "PC";
  row.applicant_id = who.id;
  row.csrf_hash = http::token_hash(new_token());
  row.created_at = row.seen_at = now;
  row.expires_at = now + std::chrono::hours{1};
  return row;
}

json plan_of(seconds duration, instant now) {
  return {{"id", new_uuid()},
          {"name", "故障演练"},
          {"window_start", domain::to_text(now - std::chrono::hours{1})},
          {"window_end", domain::to_text(now + std::chrono::hours{24})},
          {"duration_s", duration.count()},
          {"pass_tenths", paper_length * question_tenths / 2},
          {"paper",
           {{{"type", "JUDGE"},
             {"count", paper_length},
             {"tenths", question_tenths}}}},
          {"multi_rule", "ALL_OR_NOTHING"}};
}

order start_of(const sitting& one) {
  return {one.stream(), {"start"}, applicant_actor(one.who.id), new_uuid()};
}

/// The session is made by an effect of the case, so it may still be on its way.
json begin(runtime& inside, const sitting& one) {
  outcome seen;
  wait_until(
    [&] {
      seen = inside.one(start_of(one));
      return seen.code != domain::errc::not_found;
    },
    patience);
  return expect_ok(std::move(seen), "start").reply;
}

std::vector<shown_question> shown_questions(const json& view) {
  std::vector<shown_question> list;
  for (const auto& question : view.at("questions")) {
    shown_question shown;
    for (const auto& option : question.at("options"))
      (option.at("text") == "right" ? shown.right : shown.wrong) =
        option.at("id");
    list.push_back(std::move(shown));
  }
  return list;
}

/// Review up to the pass that binds an exam; gives the sessions' ids.
std::vector<std::string> assign_exams(runtime& inside,
                                      const std::vector<std::string>& cases,
                                      const std::vector<seconds>& durations) {
  std::vector<order> accepts, passes;
  auto now = inside.gateway().now();
  for (std::size_t i = 0; i < cases.size(); ++i) {
    auto stream = "review_case/" + cases[i];
    accepts.push_back({stream, {"accept"}, staff_actor("ACCEPTOR"), {}});
    passes.push_back({stream,
                      {"pass", {{"plan", plan_of(durations[i], now)}}},
                      staff_actor("CHECKER"),
                      new_uuid()});
  }
  replies(inside.all(std::move(accepts)), "accept");
  std::vector<std::string> ids;
  for (const auto& reply : replies(inside.all(std::move(passes)), "pass"))
    ids.push_back(reply.at("exam_session_id"));
  return ids;
}

} // namespace

runtime::runtime(const std::string& dsn)
    : keys_(app::key_ring_of(settings_for(dsn))),
      system_(std::make_unique<actors::system>(
        app::system_of(settings_for(dsn)), keys_,
        std::make_shared<prometheus::Registry>())) {
  auto bank = domain::question_bank::from_json(question_list());
  system_->set_bank(
    std::make_shared<const domain::question_bank>(bank.value()));
}

runtime::~runtime() {
  system_->stop(patience);
}

std::vector<outcome> runtime::all(std::vector<order> orders) {
  std::vector<std::promise<outcome>> answers(orders.size());
  for (std::size_t i = 0; i < orders.size(); ++i)
    system_->execute(std::move(orders[i]), [&answers, i](outcome seen) {
      answers[i].set_value(std::move(seen));
    });
  std::vector<outcome> seen;
  for (auto& answer : answers)
    seen.push_back(answer.get_future().get());
  return seen;
}

outcome runtime::one(order what) {
  return all({std::move(what)}).front();
}

domain::actor_ref system_actor() {
  return {{"SYSTEM"}, "fault-test", domain::channel::system};
}

domain::actor_ref applicant_actor(const std::string& id) {
  return {{"APPLICANT"}, id, domain::channel::pc};
}

domain::actor_ref staff_actor(const std::string& role) {
  return {{role}, "staff-" + role, domain::channel::staff};
}

json question_list() {
  json list = json::array();
  for (int number = 1; number <= paper_length; ++number)
    list.push_back({{"id", "q-" + std::to_string(number)},
                    {"number", number},
                    {"version", 1},
                    {"type", "JUDGE"},
                    {"topic", "LAW"},
                    {"stem", "question " + std::to_string(number)},
                    {"options", {"right", "wrong"}},
                    {"key", {0}}});
  return list;
}

json application_form() {
  return {{"target_pools", {"BID"}},  {"name", applicant_name},
          {"id_type", "RESIDENT_ID"}, {"id_no", "440524198001010013"},
          {"gender", "MALE"},         {"birth_date", "1980-01-01"},
          {"mobile", "13800138000"},  {"address", "深圳市福田区莲花街道1号"},
          {"education", "BACHELOR"},  {"degree", "NONE"},
          {"title_level", "MIDDLE"},  {"employer", "深圳某物业有限公司"},
          {"position", "项目经理"},   {"work_started_on", "2002-07"},
          {"trade_years", 15},        {"categories", {"MANAGEMENT"}}};
}

void add_questions(const std::string& dsn) {
  persistence::database db{dsn};
  auto written = db.transaction([](soci::session& sql) {
    persistence::put_questions(sql, question_list());
  });
  if (!written)
    throw std::runtime_error("cannot write the question bank");
}

std::vector<person> add_people(runtime& inside, const std::string& dsn,
                               std::size_t count) {
  static std::size_t number = 0;
  std::vector<person> people;
  std::vector<order> orders;
  for (std::size_t i = 0; i < count; ++i) {
    people.push_back({new_uuid(), new_token()});
    orders.push_back(registration(people.back().id, ++number));
  }
  replies(inside.all(std::move(orders)), "register");
  persistence::database db{dsn};
  auto written = db.transaction([&](soci::session& sql) {
    for (const auto& who : people)
      persistence::insert_session(sql, login_of(who, inside.gateway().now()));
  });
  if (!written)
    throw std::runtime_error("cannot write the logins");
  return people;
}

std::vector<std::string> open_cases(runtime& inside,
                                    const std::vector<person>& people) {
  std::vector<std::string> ids;
  std::vector<order> orders;
  auto now = domain::to_text(inside.gateway().now());
  for (const auto& who : people) {
    auto id = ids.emplace_back(new_uuid());
    domain::command cmd{"open",
                        {{"applicant_id", who.id},
                         {"number", "PM" + id},
                         {"pools", {"BID"}},
                         {"declarations", domain::declaration_ids()},
                         {"submitted_at", now}},
                        {{"form", application_form()}}};
    orders.push_back({"review_case/" + id, std::move(cmd), system_actor(), {}});
  }
  replies(inside.all(std::move(orders)), "open");
  return ids;
}

std::vector<sitting> start_exams(runtime& inside, const std::string& dsn,
                                 const std::vector<seconds>& durations) {
  auto people = add_people(inside, dsn, durations.size());
  auto cases = open_cases(inside, people);
  auto sessions = assign_exams(inside, cases, durations);
  auto grace = settings_for(dsn).policy.exam_grace;
  std::vector<sitting> list;
  for (std::size_t i = 0; i < people.size(); ++i) {
    sitting one;
    one.who = people[i];
    one.case_id = cases[i];
    one.session_id = sessions[i];
    auto started = begin(inside, one);
    one.writer = started.at("writer");
    one.deadline = started.at("deadline_at");
    one.closes_at = domain::instant_of(one.deadline).value() + grace;
    auto view =
      inside.one({one.stream(), {"view"}, applicant_actor(one.who.id), {}});
    one.questions = shown_questions(expect_ok(std::move(view), "view").reply);
    list.push_back(std::move(one));
  }
  return list;
}

} // namespace zhiku::fault
