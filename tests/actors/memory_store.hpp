#pragma once
// A journal in memory with the same promises as the real one, and with faults
// on order: for tests of the runtime on virtual time.

#include "persistence/store.hpp"

#include <map>
#include <random>
#include <set>

namespace zhiku::actors::test {

using namespace zhiku::persistence;

/// Chances of each fault, 0 to 1. All from one generator, so that a seed tells
/// the whole run.
struct faults {
  double commit_fails = 0; ///< nothing is written, outcome unknown
  double answer_lost = 0;  ///< all is written, outcome unknown
  double load_fails = 0;
  double delivery_doubled = 0; ///< a claimed effect is given out again
  double delivery_lost = 0; ///< a claimed effect is gone until its lease ends
  double settlement_lost = 0;
};

/// What outlives a restart.
struct memory_journal {
  struct entry {
    stored_event what;
    std::string chain;
  };
  struct post {
    due_effect what;
    instant next_at;
    std::string state = "PENDING";
  };

  explicit memory_journal(std::uint64_t seed) : random(seed) {
    // nop
  }

  struct kept_command {
    std::string stream;
    std::string request;
    kept_outcome came_to;
  };

  bool happens(double chance) {
    return chance > 0 && std::uniform_real_distribution<>{}(random) < chance;
  }

  std::mt19937_64 random;
  faults chances;
  std::map<std::string, std::vector<entry>> streams;
  std::map<std::string, stored_snapshot> snapshots;
  std::map<std::string, std::int32_t> snapshot_versions;
  std::map<std::string, kept_command> commands;
  std::map<std::string, post> effects;
  std::map<std::string, standing> standings;
  std::map<std::string, std::string> phones; ///< phone -> applicant
  std::set<std::string> aside;
  instant now{};
};

class memory_store final : public store {
public:
  explicit memory_store(memory_journal& journal) : journal_(journal) {
    // nop
  }

  std::vector<appended> commit(const std::vector<append>& batch) override;
  result<std::vector<loaded>>
  load(const std::vector<std::string>& streams) override;
  result<std::optional<kept_outcome>>
  find_outcome(const repeated_command& which) override;
  result<bool> holds(const std::string& stream, std::int32_t version,
                     const std::string& chain) override;
  result<std::vector<due_effect>>
  claim(lane which, instant now, instant lease_end, std::size_t limit) override;
  result<domain::nothing> settle(const std::vector<settlement>& all) override;
  result<std::optional<instant>> next_due(lane which) override;
  result<domain::nothing> quarantine(const std::string& stream,
                                     const std::string& failure,
                                     instant at) override;
  result<instant> clock() override {
    return journal_.now;
  }

private:
  appended write(const append& what);

  memory_journal& journal_;
};

} // namespace zhiku::actors::test
