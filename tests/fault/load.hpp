#pragma once
// Clients that write over HTTP as fast as a few people would, never give up on
// a write that got no answer, and keep a ledger of what was acknowledged.

#include "tests/fault/process.hpp"
#include "tests/fault/scene.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace zhiku::fault {

/// An answer as the journal keeps it. `mask`: 1 right, 2 wrong.
struct saved_answer {
  int n = 0;
  std::int64_t seq = 0;
  int mask = 0;

  auto operator<=>(const saved_answer&) const = default;
};

/// What one person in an exam wrote.
struct exam_record {
  const sitting* where = nullptr;
  std::vector<saved_answer> acknowledged; ///< in the order of writing
  /// Tried without an answer until the exam was over: may be stored or not.
  std::optional<saved_answer> unknown;
  bool over = false;
};

/// What one person wrote of an application.
struct draft_record {
  person who;
  std::string draft_id; ///< "": not begun
  int version = 0;      ///< the latest acknowledged
  std::string case_id;  ///< "": not submitted
  std::string number;
};

/// What the server's answers may be besides 2xx while it is being hurt.
enum class hurt {
  server_dies,  ///< no answer, or 503 with Retry-After, or 504
  database_away ///< 503 with Retry-After, or 504
};

class load {
public:
  /// `sittings` must outlive it.
  load(const std::vector<sitting>& sittings, std::vector<person> applicants,
       int port, hurt how, unsigned seed);

  /// Gives up what has no answer yet.
  ~load();

  /// From now until `stop`, which needs a healthy server: what has no answer
  /// yet is repeated until it has one.
  void start();
  void stop();

  // After `stop`:

  const std::vector<exam_record>& exams() const {
    return exams_;
  }
  const std::vector<draft_record>& drafts() const {
    return drafts_;
  }

  /// Answers that must not be, at most a few.
  const std::vector<std::string>& faults() const {
    return faults_;
  }

  /// Writes that had to be tried again.
  int repeated() const {
    return repeated_;
  }

private:
  class client;

  void run_exams(std::size_t first, unsigned seed);
  void run_drafts(std::size_t first);
  void save_answer(client& http, exam_record& record, const saved_answer& what);
  bool fill_in(client& http, draft_record& record);
  bool pause();
  void blame(const std::string& what);

  const int port_;
  const hurt how_;
  const unsigned seed_;
  std::vector<exam_record> exams_;
  std::vector<draft_record> drafts_;
  std::vector<std::thread> threads_;
  std::atomic<int> repeated_{0};
  std::atomic<bool> abandoned_{false};
  std::mutex mutex_; // guards stopping_ and faults_
  std::condition_variable stopped_;
  bool stopping_ = false;
  std::vector<std::string> faults_;
};

} // namespace zhiku::fault
