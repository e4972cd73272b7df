#include "tests/fault/checks.hpp"

#include "persistence/database.hpp"
#include "persistence/health.hpp"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <stdexcept>

#include <gtest/gtest.h>
#include <httplib.h>
#include <soci/soci.h>

namespace zhiku::fault {

namespace {

/// Long enough for a courier's lease on an effect to run out.
constexpr milliseconds patience{120'000};

/// The one value of a query with texts bound in order.
template <class Value>
Value read_one(const std::string& dsn, const std::string& query,
               const std::vector<std::string>& bound = {}) {
  Value value{};
  persistence::database db{dsn};
  auto read = db.run([&](soci::session& sql) {
    soci::statement statement{sql};
    statement.alloc();
    statement.exchange(soci::into(value));
    for (const auto& text : bound)
      statement.exchange(soci::use(text));
    statement.prepare(query);
    statement.define_and_bind();
    statement.execute(true);
  });
  if (!read)
    throw std::runtime_error("cannot read: " + query);
  return value;
}

json get(int port, const std::string& token, const std::string& path) {
  httplib::Client client{"127.0.0.1", port};
  auto answer =
    client.Get(path, httplib::Headers{{"Authorization", "Bearer " + token}});
  if (!answer || answer->status != 200)
    return nullptr;
  return json::parse(answer->body, nullptr, false);
}

/// The latest acknowledged answer to each question.
std::map<int, saved_answer> latest(const exam_record& record) {
  std::map<int, saved_answer> by_question;
  for (const auto& answer : record.acknowledged)
    by_question[answer.n] = answer;
  return by_question;
}

std::size_t index_of(int n) {
  return static_cast<std::size_t>(n - 1);
}

void expect_shown(const json& view, const shown_question& question,
                  const saved_answer& answer) {
  EXPECT_EQ(view.at("seq"), answer.seq);
  EXPECT_EQ(view.at("choice"),
            json::array({answer.mask == 1 ? question.right : question.wrong}));
}

/// Exams end within minutes or outlast every test.
bool is_closing(const exam_record& record) {
  return record.where->closes_at
         < std::chrono::system_clock::now() + std::chrono::minutes{10};
}

int score_of(const std::vector<saved_answer>& stored) {
  std::map<int, int> masks;
  for (const auto& answer : stored)
    masks[answer.n] = answer.mask;
  auto right = std::count_if(masks.begin(), masks.end(),
                             [](const auto& each) { return each.second == 1; });
  return static_cast<int>(right) * question_tenths;
}

int count_verdicts(const std::string& dsn, const exam_record& record) {
  auto stream = "review_case/" + record.where->case_id;
  return count_events(dsn, stream, "case_exam_passed")
         + count_events(dsn, stream, "case_exam_failed");
}

bool all_over(const std::string& dsn, const std::vector<exam_record>& closing) {
  return std::all_of(closing.begin(), closing.end(), [&](const auto& record) {
    return count_verdicts(dsn, record) > 0;
  });
}

json closing_event(const std::string& dsn, const std::string& stream) {
  auto text = read_one<std::string>(
    dsn,
    "SELECT CAST(data AS text) FROM event WHERE stream = :s"
    " AND type = 'attempt_closed'",
    {stream});
  return json::parse(text);
}

void expect_closed_once(const std::string& dsn, const exam_record& record) {
  const auto& where = *record.where;
  SCOPED_TRACE(where.stream());
  ASSERT_EQ(count_events(dsn, where.stream(), "attempt_closed"), 1);
  auto closed = closing_event(dsn, where.stream());
  EXPECT_EQ(closed.at("by"), "SERVER");
  EXPECT_EQ(closed.at("at"), where.deadline);
  EXPECT_EQ(closed.at("score_tenths"),
            score_of(stored_answers(dsn, where.stream())));
  EXPECT_EQ(count_verdicts(dsn, record), 1);
}

void expect_submitted_once(const std::string& dsn, const draft_record& record,
                           int port) {
  auto stream = "review_case/" + record.case_id;
  auto opened = [&] { return count_events(dsn, stream, "case_opened"); };
  wait_until([&] { return opened() > 0; }, patience);
  EXPECT_EQ(opened(), 1);
  auto shown =
    get(port, record.who.token, "/api/v1/applications/" + record.case_id);
  ASSERT_TRUE(shown.is_object());
  EXPECT_EQ(shown.at("number"), record.number);
}

struct totals {
  std::size_t answers = 0;
  std::size_t saves = 0;
  std::size_t submissions = 0;
};

totals totals_of(const load& done) {
  totals sum;
  for (const auto& record : done.exams())
    sum.answers += record.acknowledged.size();
  for (const auto& record : done.drafts()) {
    sum.saves += static_cast<std::size_t>(record.version);
    sum.submissions += record.case_id.empty() ? 0 : 1;
  }
  return sum;
}

} // namespace

std::vector<saved_answer> stored_answers(const std::string& dsn,
                                         const std::string& stream) {
  std::vector<saved_answer> list;
  persistence::database db{dsn};
  auto read = db.run([&](soci::session& sql) {
    soci::rowset<std::string> rows =
      (sql.prepare << "SELECT CAST(data AS text) FROM event WHERE stream = :s"
                      " AND type = 'answer_saved' ORDER BY version",
       soci::use(stream));
    for (const auto& text : rows) {
      auto data = json::parse(text);
      list.push_back({data.at("n"), data.at("seq"), data.at("mask")});
    }
  });
  if (!read)
    throw std::runtime_error("cannot read the answers of " + stream);
  return list;
}

int count_events(const std::string& dsn, const std::string& stream,
                 const std::string& type) {
  return read_one<int>(
    dsn, "SELECT count(*) FROM event WHERE stream = :s AND type = :t",
    {stream, type});
}

void expect_whole_journal(const std::string& dsn) {
  auto report = persistence::health{dsn}.verify_chains();
  ASSERT_TRUE(report.ok());
  EXPECT_GT(report->events, 0);
  EXPECT_EQ(report->broken, std::vector<std::string>{});
  EXPECT_EQ(read_one<int>(dsn, "SELECT count(*) FROM (SELECT stream FROM event"
                               " GROUP BY stream HAVING max(version) <>"
                               " count(*)) AS gaps"),
            0);
}

void expect_answers_stored(const std::string& dsn, const load& done) {
  for (const auto& record : done.exams()) {
    SCOPED_TRACE(record.where->stream());
    auto stored = stored_answers(dsn, record.where->stream());
    auto written = record.acknowledged;
    if (record.unknown && !stored.empty() && stored.back() == *record.unknown)
      written.push_back(*record.unknown);
    EXPECT_EQ(stored, written);
  }
}

void expect_answers_shown(const load& done, int port) {
  for (const auto& record : done.exams()) {
    if (is_closing(record))
      continue; // its paper is shown no more
    const auto& where = *record.where;
    SCOPED_TRACE(where.stream());
    auto shown =
      get(port, where.who.token, "/api/v1/exams/" + where.session_id);
    ASSERT_TRUE(shown.is_object());
    ASSERT_EQ(shown.at("state"), "RUNNING");
    for (const auto& [n, answer] : latest(record))
      expect_shown(shown.at("questions").at(index_of(n)),
                   where.questions[index_of(n)], answer);
  }
}

void expect_applications(const std::string& dsn, const load& done, int port) {
  for (const auto& record : done.drafts()) {
    if (record.draft_id.empty())
      continue;
    auto stream = "applicant/" + record.who.id;
    SCOPED_TRACE(stream);
    bool submitted = !record.case_id.empty();
    EXPECT_EQ(count_events(dsn, stream, "draft_saved"), record.version);
    EXPECT_EQ(count_events(dsn, stream, "application_submitted"),
              submitted ? 1 : 0);
    auto shown =
      get(port, record.who.token, "/api/v1/drafts/" + record.draft_id);
    ASSERT_TRUE(shown.is_object());
    EXPECT_EQ(shown.at("version"), record.version + (submitted ? 1 : 0));
    if (submitted)
      expect_submitted_once(dsn, record, port);
  }
}

void expect_deadlines(const std::string& dsn,
                      const std::vector<exam_record>& closing) {
  EXPECT_TRUE(wait_until([&] { return all_over(dsn, closing); }, patience))
    << "not all deadlines fired in time";
  for (const auto& record : closing)
    expect_closed_once(dsn, record);
}

std::vector<exam_record> closing_exams(const load& done) {
  std::vector<exam_record> list;
  std::copy_if(done.exams().begin(), done.exams().end(),
               std::back_inserter(list), is_closing);
  return list;
}

void expect_busy(const load& done) {
  auto total = totals_of(done);
  EXPECT_GT(total.answers, 100u);
  EXPECT_GT(total.saves, 100u);
  EXPECT_GT(total.submissions, 5u);
  EXPECT_GT(done.repeated(), 0);
  std::cout << total.answers << " answers, " << total.saves << " draft saves, "
            << total.submissions << " submissions, " << done.repeated()
            << " tries repeated" << std::endl;
}

unsigned chosen_seed() {
  const char* given = std::getenv("ZHIKU_FAULT_SEED");
  auto seed = given != nullptr
                ? static_cast<unsigned>(std::strtoul(given, nullptr, 10))
                : std::random_device{}();
  std::cout << "ZHIKU_FAULT_SEED=" << seed << std::endl;
  return seed;
}

} // namespace zhiku::fault
