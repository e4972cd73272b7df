#pragma once
// Delivers the effects of one lane: the alarm clock and the post in one, since
// a wake-up is an effect that falls due later.
//
// At least once: a claimed effect is leased; whoever carries it out marks it
// done in the same transaction; what is not settled when the lease ends is
// claimed again. Failures wait longer each time and end up parked.

#include "actors/runtime.hpp"

#include <cstdint>
#include <memory>
#include <vector>

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace zhiku::actors {

struct courier_state {
  static inline const char* name = "courier";

  explicit courier_state(courier_actor::stateful_pointer<courier_state> ptr)
      : self(ptr) {
    // nop
  }

  void poke(std::int64_t due_micros);
  void work(std::uint64_t generation);
  void write_settlements();

  runtime_ptr rt;
  std::unique_ptr<persistence::store> store;
  persistence::lane lane = persistence::lane::entity;
  directory_actor directory;
  std::vector<notifier_actor> notifiers;
  courier_actor::stateful_pointer<courier_state> self;

private:
  void wake_at(domain::instant when);
  void dispatch(persistence::due_effect due);
  void deliver_order(persistence::due_effect due);
  void deliver_notice(persistence::due_effect due);
  void finished(const persistence::due_effect& due, const outcome& how);
  void carried_out();
  void settle(persistence::settlement how);
  void make_room();
  persistence::settlement after_failure(const std::string& effect_id,
                                        int attempts, domain::errc code,
                                        std::string detail) const;

  std::size_t under_way_ = 0;
  bool starved_ = false; // there may be more due than we could take
  std::uint64_t generation_ = 0;
  domain::instant alarm_{};
  std::vector<persistence::settlement> settled_;
};

/// How long to wait before attempt `attempts + 1`: 1, 2, 4 … s, at most 10 min.
domain::seconds backoff(int attempts);

/// Spawn detached: it blocks on its store.
courier_actor::behavior_type
courier(courier_actor::stateful_pointer<courier_state> self, runtime_ptr rt,
        std::shared_ptr<std::unique_ptr<persistence::store>> store,
        persistence::lane lane, directory_actor directory,
        std::vector<notifier_actor> notifiers);

} // namespace zhiku::actors
