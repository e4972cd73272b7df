#include "tests/fault/load.hpp"

#include "base/random.hpp"
#include "domain/form.hpp"

#include <random>

#include <httplib.h>

namespace zhiku::fault {

namespace {

constexpr std::size_t exam_threads = 3;
constexpr std::size_t draft_threads = 2;
constexpr int saves_a_draft = 10;
constexpr milliseconds think_time{4};
constexpr milliseconds retry_pause{50};
constexpr seconds patience{
  90}; // with one write; a server is never away so long
constexpr std::size_t most_faults = 20;

struct write {
  std::string method;
  std::string path;
  json body;
  std::string key; ///< Idempotency-Key, or ""
};

/// What a write came to in the end.
struct settled {
  int status = 0; ///< 0: no answer in time
  json body;
  bool retried = false; ///< an earlier try may have been carried out

  bool ok() const {
    return status >= 200 && status < 300;
  }
};

instant machine_time() {
  return std::chrono::floor<domain::microseconds>(
    std::chrono::system_clock::now());
}

std::string problem_code(const json& body) {
  return body.is_object() ? body.value("code", std::string{}) : std::string{};
}

} // namespace

class load::client {
public:
  explicit client(load& all) : all_(all), http_("127.0.0.1", all.port_) {
    http_.set_keep_alive(true);
    http_.set_read_timeout(40);
  }

  /// Sends until there is an answer that says what became of it.
  settled send(const person& who, const write& what) {
    auto end = std::chrono::steady_clock::now() + patience;
    settled seen;
    while (!all_.abandoned_ && std::chrono::steady_clock::now() < end) {
      auto answer = try_once(who, what);
      if (answer && answer->status != 503 && answer->status != 504) {
        seen.status = answer->status;
        seen.body = json::parse(answer->body, nullptr, false);
        return seen;
      }
      judge(answer, what);
      seen.retried = true;
      ++all_.repeated_;
      std::this_thread::sleep_for(retry_pause);
    }
    all_.blame(what.method + " " + what.path + " got no answer for long");
    return seen;
  }

private:
  httplib::Result try_once(const person& who, const write& what) {
    httplib::Headers headers{{"Authorization", "Bearer " + who.token}};
    if (!what.key.empty())
      headers.emplace("Idempotency-Key", what.key);
    auto body = what.body.dump();
    return what.method == "PUT"
             ? http_.Put(what.path, headers, body, "application/json")
             : http_.Post(what.path, headers, body, "application/json");
  }

  void judge(const httplib::Result& answer, const write& what) {
    if (!answer && all_.how_ == hurt::database_away)
      all_.blame(what.path + ": no answer: " + to_string(answer.error()));
    if (answer && answer->status == 503 && !answer->has_header("Retry-After"))
      all_.blame(what.path + ": 503 without Retry-After");
  }

  load& all_;
  httplib::Client http_;
};

load::load(const std::vector<sitting>& sittings, std::vector<person> applicants,
           int port, hurt how, unsigned seed)
    : port_(port), how_(how), seed_(seed) {
  for (const auto& where : sittings)
    exams_.push_back({&where, {}, {}, false});
  for (auto& who : applicants)
    drafts_.push_back({std::move(who), {}, 0, {}, {}});
}

load::~load() {
  abandoned_ = true;
  stop();
}

void load::start() {
  for (std::size_t i = 0; i < exam_threads; ++i)
    threads_.emplace_back([this, i] { run_exams(i, seed_ + 1 + unsigned(i)); });
  for (std::size_t i = 0; i < draft_threads; ++i)
    threads_.emplace_back([this, i] { run_drafts(i); });
}

void load::stop() {
  {
    std::lock_guard lock{mutex_};
    stopping_ = true;
  }
  stopped_.notify_all();
  for (auto& thread : threads_)
    thread.join();
  threads_.clear();
}

/// Each thread has every so-many-th exam to itself, so that one person's
/// writes follow each other.
void load::run_exams(std::size_t first, unsigned seed) {
  std::mt19937 source{seed};
  client http{*this};
  std::vector<std::int64_t> seqs(exams_.size(), 0);
  std::size_t next = first;
  do {
    auto& record = exams_[next];
    auto length = static_cast<int>(record.where->questions.size());
    std::uniform_int_distribution<int> question{1, length}, mask{1, 2};
    if (!record.over)
      save_answer(http, record, {question(source), ++seqs[next], mask(source)});
    next += exam_threads;
    if (next >= exams_.size())
      next = first;
  } while (!pause());
}

void load::save_answer(client& http, exam_record& record,
                       const saved_answer& what) {
  const auto& where = *record.where;
  const auto& question = where.questions[static_cast<std::size_t>(what.n - 1)];
  auto choice = what.mask == 1 ? question.right : question.wrong;
  auto seen = http.send(
    where.who,
    {"PUT",
     "/api/v1/exams/" + where.session_id + "/answers/" + std::to_string(what.n),
     {{"choice", {choice}}, {"seq", what.seq}, {"writer", where.writer}},
     {}});
  if (seen.ok()) {
    record.acknowledged.push_back(what);
    return;
  }
  record.over = true;
  if (seen.retried)
    record.unknown = what;
  auto closed = problem_code(seen.body) == "ATTEMPT_CLOSED";
  if (!closed || machine_time() + milliseconds{100} < where.closes_at)
    blame("answer: " + std::to_string(seen.status) + " "
          + problem_code(seen.body));
}

void load::run_drafts(std::size_t first) {
  client http{*this};
  for (auto next = first; next < drafts_.size(); next += draft_threads)
    if (!fill_in(http, drafts_[next]))
      return;
}

/// One application from the first save to the submission. False: the load ends.
bool load::fill_in(client& http, draft_record& record) {
  const std::string drafts = "/api/v1/drafts";
  auto complain = [&](const char* step, const settled& seen) {
    blame(std::string{step} + ": " + std::to_string(seen.status) + " "
          + problem_code(seen.body));
    return true;
  };
  json form = {{"form", application_form()}};
  auto seen = http.send(record.who, {"POST", drafts, form, new_uuid()});
  if (!seen.ok())
    return complain("create draft", seen);
  record.draft_id = seen.body.at("draft_id");
  record.version = seen.body.at("version");
  auto path = drafts + "/" + record.draft_id;
  for (int i = 0; i < saves_a_draft; ++i) {
    if (pause())
      return false;
    form["base_version"] = record.version;
    seen = http.send(record.who, {"PUT", path, form, new_uuid()});
    if (!seen.ok())
      return complain("save draft", seen);
    if (seen.body.at("version") != record.version + 1)
      blame("a draft was saved twice");
    record.version = seen.body.at("version");
  }
  json submission = {{"base_version", record.version},
                     {"declarations", domain::declaration_ids()}};
  seen =
    http.send(record.who, {"POST", path + "/submit", submission, new_uuid()});
  if (!seen.ok())
    return complain("submit", seen);
  record.case_id = seen.body.at("case_id");
  record.number = seen.body.at("number");
  return !pause();
}

/// Thinks for a moment; whether the load is to end.
bool load::pause() {
  std::unique_lock lock{mutex_};
  return stopped_.wait_for(lock, think_time, [this] { return stopping_; });
}

void load::blame(const std::string& what) {
  std::lock_guard lock{mutex_};
  if (faults_.size() < most_faults)
    faults_.push_back(what);
}

} // namespace zhiku::fault
