#pragma once
// The whole runtime under one virtual clock, in one thread: real actors, CAF's
// test coordinator, a journal in memory. What it does follows from its seed.

#include "tests/actors/memory_store.hpp"

#include "actors/courier_actor.hpp"
#include "actors/directory_actor.hpp"
#include "actors/journal_actor.hpp"
#include "actors/loader_actor.hpp"

#include <functional>
#include <memory>
#include <set>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

namespace zhiku::actors::test {

struct virtual_config : caf::actor_system_config {
  virtual_config();
};

class virtual_world {
public:
  virtual_world(std::uint64_t seed, const domain::question_bank& bank);
  ~virtual_world();

  /// Carries the order out as far as it goes without time passing. Nothing
  /// when no answer came yet.
  std::optional<outcome> execute(order what);

  /// Lets time pass, stopping at every instant at which something falls due.
  void advance(domain::microseconds by);

  /// Kills every actor as they stand and starts anew on the same journal.
  void restart();

  /// The entity as the journal tells it.
  std::unique_ptr<domain::entity> truth(const std::string& stream) const;

  domain::instant now() const {
    return clock->now();
  }

  memory_journal journal;
  std::shared_ptr<manual_clock> clock;
  runtime_ptr rt;
  std::multiset<std::string> notices; ///< ids as the notifier got them

private:
  void start();
  void stop();
  void run();
  void move_clock(domain::instant to);

  template <class Handle>
  Handle keep(Handle handle) {
    everyone_.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  const domain::question_bank& bank_;
  std::uint64_t ids_ = 0;
  virtual_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  directory_actor desk_;
  std::vector<caf::actor> everyone_;
};

} // namespace zhiku::actors::test
