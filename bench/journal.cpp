// Appends a second: the journal's writer and whole answer saves, each in turn
// with pgbench in one database.

#include "bench/answer_storm.hpp"
#include "bench/measurements.hpp"
#include "bench/pgbench.hpp"
#include "bench/process.hpp"
#include "bench/report.hpp"
#include "persistence/postgres_store.hpp"
#include "tests/support/test_database.hpp"

#include <array>
#include <future>

namespace zhiku::bench {

namespace {

using std::chrono::seconds;

constexpr std::size_t batch_size = 256;
constexpr std::size_t savers = 512;

/// What a journal writer does all day: one batch after another, each stream
/// once in a batch.
class batch_appender {
public:
  /// @param number  among the writers; no two share a stream
  batch_appender(const std::string& dsn, std::size_t number)
      : keys_(invented_keys()),
        store_(persistence::make_postgres_store(dsn, keys_)) {
    for (std::size_t i = 0; i < batch_size; ++i)
      batch_.push_back(first_append(number * batch_size + i));
  }

  double per_second(seconds length) {
    using clock = std::chrono::steady_clock;
    commit_one();
    auto from = clock::now();
    std::size_t count = 0;
    for (; clock::now() - from < length; count += batch_size)
      commit_one();
    std::chrono::duration<double> took = clock::now() - from;
    return static_cast<double>(count) / took.count();
  }

private:
  static persistence::append first_append(std::size_t place) {
    sitting who{place};
    persistence::append what;
    what.stream = "bench_batch/" + who.id();
    what.at = machine_time();
    what.actor = domain::to_json(who.owner());
    what.events = {
      {"answer_saved", {{"n", 42}, {"mask", 1}, {"seq", 1042}}, {}, 1}};
    return what;
  }

  void commit_one() {
    auto answers = store_->commit(batch_);
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      if (answers[i].code != domain::errc::none)
        throw cannot_measure("an append fails");
      batch_[i].expected_version = answers[i].version;
      batch_[i].previous_chain = std::move(answers[i].chain);
    }
  }

  persistence::vault keys_;
  std::unique_ptr<persistence::store> store_;
  std::vector<persistence::append> batch_;
};

/// As many as the runtime has, each on a thread.
class journal_writers {
public:
  explicit journal_writers(const std::string& dsn) {
    for (int i = 0; i < actors::system_settings{}.writers; ++i)
      all_.push_back(
        std::make_unique<batch_appender>(dsn, static_cast<std::size_t>(i)));
  }

  double per_second(seconds length) {
    std::vector<std::future<double>> rates;
    for (auto& one : all_)
      rates.push_back(std::async(std::launch::async, [&one, length] {
        return one->per_second(length);
      }));
    double sum = 0;
    for (auto& rate : rates)
      sum += rate.get();
    return sum;
  }

  std::size_t count() const {
    return all_.size();
  }

private:
  std::vector<std::unique_ptr<batch_appender>> all_;
};

int best_client_count(pgbench& rival) {
  constexpr std::array<int, 4> candidates{1, 8, 32, 64};
  constexpr int trial_seconds = 2;
  std::pair<double, int> best;
  for (auto clients : candidates) {
    auto rate = rival.appends_per_second(clients, trial_seconds);
    progress("  pgbench with " + std::to_string(clients)
             + " clients: " + std::to_string(static_cast<int>(rate)) + "/s");
    best = std::max(best, {rate, clients});
  }
  return best.second;
}

struct rates {
  std::vector<double> writer, saves, rival;
  std::uint64_t refused = 0;
};

void report_rates(const rates& all, int clients, std::size_t writers) {
  auto writer = median(all.writer), saves = median(all.saves),
       rival = median(all.rival);
  report("journal_appends", writer, "appends/s",
         {{"batch", batch_size},
          {"writers", writers},
          {"turns", rounded(all.writer)}});
  report("pgbench_appends", rival, "appends/s",
         {{"clients", clients}, {"turns", rounded(all.rival)}});
  report("journal_vs_pgbench", writer / rival, "ratio", {{"goal", ">= 5"}});
  report("actor_answer_saves", saves, "saves/s",
         {{"in_flight", savers},
          {"refused", all.refused},
          {"turns", rounded(all.saves)}});
  report("actor_answer_saves_vs_pgbench", saves / rival, "ratio");
}

void compare(const options& how, const std::string& dsn) {
  pgbench rival{dsn};
  auto clients = best_client_count(rival);
  auto far = machine_time() + std::chrono::hours{1};
  auto sittings = seed_sittings(dsn, savers, far);
  journal_writers writers{dsn};
  answer_storm storm{start_runtime(dsn), sittings};
  rates all;
  auto turn_seconds = static_cast<int>(how.turn.count());
  for (int turn = 1; turn <= how.turns; ++turn) {
    all.writer.push_back(writers.per_second(how.turn));
    all.rival.push_back(rival.appends_per_second(clients, turn_seconds));
    auto saved = storm.run(how.turn);
    all.saves.push_back(saved.per_second);
    all.refused += saved.refused;
    progress(
      "  turn " + std::to_string(turn) + ": writer, pgbench, saves "
      + json{rounded({all.writer.back(), all.rival.back(), saved.per_second})}
          .dump());
  }
  report_rates(all, clients, writers.count());
}

} // namespace

bool measure_appends(const options& how) {
  progress("journal appends against pgbench");
  test::test_database database;
  return run_apart("journal appends", [&] { compare(how, database.dsn()); });
}

} // namespace zhiku::bench
