#pragma once
// What every actor of the runtime shares. Made once at the start, given to the
// actors by pointer, immutable but for the handles and the question bank.

#include "actors/clock.hpp"
#include "actors/interfaces.hpp"
#include "actors/metrics.hpp"
#include "domain/settings.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace zhiku::domain {
class question_bank;
}

namespace zhiku::actors {

struct runtime_limits {
  std::size_t entity_queue = 256;    ///< orders waiting at one entity
  std::size_t writer_queue = 20'000; ///< appends waiting at one writer
  std::size_t max_batch = 512;       ///< appends in one transaction
  std::size_t deliveries = 2'000;    ///< orders to entities under way
  /// Messages to people under way: no more than their threads get done within
  /// the lease, or others would take them too.
  std::size_t messages = 32;
  std::size_t max_resident = 200'000; ///< entities in memory
  std::chrono::seconds idle{300};     ///< then an entity is retired
  std::chrono::seconds request{15};   ///< any request between actors
  std::chrono::seconds outage{5};     ///< how long a writer retries a commit
  /// Of a claimed effect. What a killed process had claimed waits for its end,
  /// so a deadline's is short; a message's covers a slow platform, since a
  /// second try may tell a person twice.
  std::chrono::seconds entity_lease{3};
  std::chrono::seconds person_lease{60};
  std::chrono::seconds look{1};   ///< for effects other nodes left behind
  std::chrono::seconds sweep{5};  ///< for idle entities
  int snapshot_every = 200;       ///< events
  int failures_until_aside = 5;   ///< an entity's, in a row
  int attempts_until_parked = 12; ///< an effect's

  std::size_t under_way(persistence::lane which) const {
    return which == persistence::lane::entity ? deliveries : messages;
  }
};

struct runtime {
  std::shared_ptr<const clock> time;
  std::shared_ptr<const domain::policy> rules;
  runtime_limits limits;
  std::shared_ptr<metrics> counts;
  /// A fresh id for a command that names none; seeded in simulations.
  std::function<std::string()> new_id;

  std::vector<journal_actor> journals; ///< streams are spread over them
  std::vector<loader_actor> loaders;
  courier_actor entity_courier;
  courier_actor person_courier;

  std::chrono::seconds lease(persistence::lane which) const {
    return which == persistence::lane::entity ? limits.entity_lease
                                              : limits.person_lease;
  }

  const journal_actor& journal_of(const std::string& stream) const;
  const loader_actor& loader_of(const std::string& stream) const;

  std::shared_ptr<const domain::question_bank> bank() const;
  void set_bank(std::shared_ptr<const domain::question_bank> fresh);

private:
  mutable std::mutex bank_mutex_;
  std::shared_ptr<const domain::question_bank> bank_;
};

using runtime_ptr = std::shared_ptr<runtime>;

} // namespace zhiku::actors
