// The whole story against a running server and sandbox, one line a step: what
// was sent and what arrived. Exit code 0 when it came to its end.

#include "tests/e2e/answers.hpp"
#include "tests/e2e/sample_person.hpp"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <thread>

#include <CLI/CLI.hpp>
#include <unistd.h>

namespace zhiku::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

struct places {
  std::string server = "http://127.0.0.1:8080";
  std::string sandbox = "http://127.0.0.1:8090";
  std::string samples = "samples";
};

constexpr seconds exam_length{8};
constexpr auto pool = "BID";
constexpr auto reminder_template = "sandbox-EXAM_NOTICE";

// -- telling -----------------------------------------------------------------

/// The first characters of a UTF-8 text, on one line.
std::string shortened(std::string text, std::size_t most = 180) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  if (text.size() <= most)
    return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
    --most;
  return text.substr(0, most) + "…";
}

class teller {
public:
  void tell(const std::string& step, const std::string& sent,
            const std::string& arrived) {
    ++count_;
    std::cout << green_ << std::setw(2) << count_ << plain_ << ' ' << step
              << ":  " << shortened(sent) << grey_ << "  ->  " << plain_
              << shortened(arrived) << std::endl;
  }

  void tell(const std::string& step, const exchange& seen) {
    auto path = seen.url.substr(seen.url.find('/', seen.url.find("://") + 3));
    auto body = seen.sent.empty() ? "" : ' ' + seen.sent;
    auto answer = seen.location.empty() ? seen.received : seen.location;
    tell(step, seen.method + ' ' + path + body,
         std::to_string(seen.status) + ' ' + answer);
  }

private:
  const bool colours_ = isatty(STDOUT_FILENO) == 1;
  const char* green_ = colours_ ? "\033[32m" : "";
  const char* grey_ = colours_ ? "\033[90m" : "";
  const char* plain_ = colours_ ? "\033[0m" : "";
  int count_ = 0;
};

// -- reading answers ---------------------------------------------------------

json read_json(const std::string& path) {
  std::ifstream in{path};
  auto value = json::parse(in, nullptr, false);
  if (value.is_discarded())
    throw std::runtime_error{"cannot read " + path};
  return value;
}

/// RFC 3339 UTC of a moment `later` from now.
std::string time_text(seconds later) {
  auto at = std::chrono::system_clock::to_time_t(
    std::chrono::system_clock::now() + later);
  std::tm utc{};
  gmtime_r(&at, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

// -- the story ---------------------------------------------------------------

class journey {
public:
  explicit journey(places where)
      : where_(std::move(where)),
        staff_(read_json(where_.samples + "/staff.json")),
        bank_(read_json(where_.samples + "/questions.json")) {
    // nop
  }

  void run() {
    follow();
    enter();
    prove_phone();
    apply();
    accept();
    qualify();
    be_reminded();
    sit_exam();
    be_closed_by_the_clock();
    be_appointed();
    open_archive();
  }

private:
  std::string api(const std::string& path) const {
    return where_.server + "/api/v1" + path;
  }

  exchange told(const std::string& step, exchange seen) {
    teller_.tell(step, seen);
    return seen;
  }

  void follow() {
    auto seen = expect_ok(platform_.post(where_.sandbox + "/control/followers",
                                         {{"nickname", "小陈"}}));
    openid_ = text_of(told("follow the account", seen), "openid");
  }

  /// Menu link, the platform's silent authorisation, and back.
  void enter() {
    person_.set_cookie(where_.sandbox, "sandbox_openid", openid_);
    auto link = person_.get(where_.server + "/wechat/enter?to=/h5/");
    told("tap the menu link", expect_redirect(link));
    auto platform = person_.get(link.location);
    told("authorise", expect_redirect(platform));
    auto back = person_.get(platform.location);
    told("come back logged in", expect_redirect(back));
    told("look who I am", expect_ok(person_.get(api("/me"))));
  }

  void prove_phone() {
    auto asked = person_.post(
      api("/sms-codes"), {{"mobile", who_.phone}, {"purpose", "IDENTITY"}});
    told("ask for an SMS code", expect_ok(asked));
    auto sms = wait_for(
      "an SMS code",
      [&] {
        return platform_.get(where_.sandbox
                             + "/control/sms?phone=" + who_.phone);
      },
      [](const exchange& seen) { return !code_in(seen.body()).empty(); });
    told("read the SMS", sms);
    auto proven =
      person_.post(api("/me/identities"), {{"identity", "EXPERT_APPLICANT"},
                                           {"name", who_.name},
                                           {"mobile", who_.phone},
                                           {"sms_code", code_in(sms.body())},
                                           {"privacy_ack", true},
                                           {"privacy_version", "1"}});
    told("prove the phone", expect_ok(proven));
  }

  void apply() {
    auto known =
      told("read pools and forms", expect_ok(person_.get(api("/pools"))));
    auto form = application_form(who_, pool);
    auto saved = person_.post(api("/drafts"), {{"form", form}});
    told("save a draft", expect_ok(saved));
    json declarations = json::array();
    for (const auto& each : member(known, "declarations"))
      declarations.push_back(each.at("id"));
    auto path = "/drafts/" + text_of(saved, "draft_id") + "/submit";
    auto submitted =
      person_.post(api(path), {{"base_version", member(saved, "version")},
                               {"declarations", declarations}});
    told("submit", expect_ok(submitted));
    case_ = text_of(submitted, "case_id");
  }

  // -- staff -----------------------------------------------------------------

  browser log_in(const std::string& login) {
    auto account =
      std::find_if(staff_.begin(), staff_.end(),
                   [&](const json& each) { return each["login"] == login; });
    browser clerk;
    auto seen = expect_ok(
      clerk.post(api("/staff/login"), {{"login", login},
                                       {"password", account->at("password")},
                                       {"bearer", true}}));
    clerk.use_bearer(text_of(seen, "token"));
    teller_.tell("log in as " + login, "POST /api/v1/staff/login",
                 std::to_string(seen.status));
    return clerk;
  }

  /// What one person does reaches the next entity a moment later.
  void wait_for_case(browser& clerk, const std::string& state) {
    auto seen = wait_for(
      "the case in state " + state,
      [&] { return clerk.get(api("/review/cases/" + case_)); },
      [&](const exchange& one) {
        auto body = one.body();
        return one.ok() && body.value("state", "") == state;
      });
    teller_.tell("the case is " + state, "GET /api/v1/review/cases/" + case_,
                 std::to_string(seen.status));
  }

  exchange act_on_case(browser& clerk, const std::string& verb,
                       const json& body) {
    auto seen = clerk.post(api("/review/cases/" + case_ + '/' + verb), body);
    return told(verb, expect_ok(seen));
  }

  void accept() {
    auto acceptor = log_in("acceptor");
    wait_for_case(acceptor, "SUBMITTED");
    act_on_case(acceptor, "accept", json::object());
  }

  std::string make_plan() {
    auto office = log_in("exam_admin");
    auto made =
      office.post(api("/office/plans"),
                  {{"name", "旅程考试"},
                   {"window_start", time_text(-seconds{60})},
                   {"window_end", time_text(std::chrono::hours{1})},
                   {"duration_s", exam_length.count()},
                   {"pass_tenths", 600},
                   {"paper",
                    {{{"type", "SINGLE"}, {"count", 6}, {"tenths", 100}},
                     {{"type", "MULTI"}, {"count", 2}, {"tenths", 100}},
                     {{"type", "JUDGE"}, {"count", 2}, {"tenths", 100}}}},
                   {"multi_rule", "ALL_OR_NOTHING"}});
    return text_of(told("make an exam plan", expect_ok(made)), "id");
  }

  void qualify() {
    auto plan = make_plan();
    auto checker = log_in("checker");
    auto seen = act_on_case(checker, "qualify", {{"plan_id", plan}});
    exam_ = text_of(seen, "exam_session_id");
  }

  void be_reminded() {
    auto reminder_in = [](const exchange& seen) {
      auto messages = member(expect_ok(seen), "messages");
      auto is_it = [](const json& each) {
        return each.value("template_id", "") == reminder_template;
      };
      auto found = std::find_if(messages.begin(), messages.end(), is_it);
      return found == messages.end() ? json{} : *found;
    };
    auto url = where_.sandbox + "/control/followers/" + openid_ + "/messages";
    auto seen = wait_for(
      "the reminder", [&] { return platform_.get(url); },
      [&](const exchange& one) { return !reminder_in(one).is_null(); });
    teller_.tell("be reminded in WeChat", "GET …/messages",
                 reminder_in(seen).dump());
  }

  // -- exam ------------------------------------------------------------------

  const json& question_in_bank(const std::string& stem) const {
    auto found =
      std::find_if(bank_.begin(), bank_.end(),
                   [&](const json& each) { return each["stem"] == stem; });
    if (found == bank_.end())
      throw std::runtime_error{"the paper asks what no sample does: " + stem};
    return *found;
  }

  /// The ids under which the paper shows the right options.
  json right_choice(const json& question) const {
    const auto& known = question_in_bank(question.at("stem"));
    json right = json::array();
    for (std::size_t index : known.at("key"))
      for (const auto& option : question.at("options"))
        if (option.at("text") == known.at("options").at(index))
          right.push_back(option.at("id"));
    return right;
  }

  void sit_exam() {
    auto ready = wait_for(
      "the exam", [&] { return person_.get(api("/exams/" + exam_)); },
      [](const exchange& seen) { return seen.ok(); });
    told("see the exam", ready);
    auto started =
      person_.post(api("/exams/" + exam_ + "/start"), json::object());
    told("start", expect_ok(started));
    deadline_ = text_of(started, "deadline_at");
    auto paper = expect_ok(person_.get(api("/exams/" + exam_)));
    answer_but_multiple_choice(member(paper, "questions"),
                               text_of(started, "writer"));
  }

  /// Leaves some open, so that it is the clock that hands in.
  void answer_but_multiple_choice(const json& questions,
                                  const std::string& writer) {
    int answered = 0;
    exchange last;
    for (const auto& question : questions) {
      if (question.at("type") == "MULTI")
        continue;
      auto n = question.at("n").dump();
      last = expect_ok(person_.put(
        api("/exams/" + exam_ + "/answers/" + n),
        {{"choice", right_choice(question)}, {"seq", 1}, {"writer", writer}}));
      ++answered;
    }
    teller_.tell("answer " + std::to_string(answered) + " of "
                   + std::to_string(questions.size()),
                 "PUT …/answers/{n}", last.received);
  }

  void be_closed_by_the_clock() {
    auto seen = wait_for(
      "the result",
      [&] { return person_.get(api("/exams/" + exam_ + "/result")); },
      [](const exchange& one) { return one.ok(); }, exam_length + patience);
    told("the clock hands in; read the score", seen);
    if (text_of(seen, "closed_at") != deadline_)
      throw broken_story{"an end dated at the deadline " + deadline_, seen};
    if (member(seen, "score_tenths") != 800)
      throw broken_story{"80 points for 8 right answers of 10", seen};
  }

  void be_appointed() {
    auto approver = log_in("approver");
    wait_for_case(approver, "EXAM_PASSED");
    act_on_case(approver, "appoint", {{"pools", {pool}}});
  }

  void open_archive() {
    auto seen = wait_for(
      "the e-archive", [&] { return person_.get(api("/expert-records")); },
      [](const exchange& one) {
        return one.ok() && !member(one, "items").empty();
      });
    told("open the e-archive", seen);
  }

  places where_;
  json staff_;
  json bank_;
  sample_person who_ = new_person();
  browser platform_;
  browser person_;
  teller teller_;
  std::string openid_;
  std::string case_;
  std::string exam_;
  std::string deadline_;
};

int tell_story(const places& where) {
  try {
    journey{where}.run();
    std::cout << "The story came to its end. Its chat and messages are on the "
                 "phone at "
              << where.sandbox << "/: pick the latest follower." << std::endl;
    return 0;
  } catch (const std::exception& failure) {
    std::cout << "The story broke off: " << failure.what() << std::endl;
    return 1;
  }
}

} // namespace
} // namespace zhiku::e2e

int main(int argc, char** argv) {
  zhiku::e2e::places where;
  CLI::App app{"Tells the whole story against a running server"};
  app.add_option("--server", where.server, "The server's address");
  app.add_option("--sandbox", where.sandbox, "The sandbox's address");
  app.add_option("--samples", where.samples, "The folder of samples");
  CLI11_PARSE(app, argc, argv);
  return zhiku::e2e::tell_story(where);
}
