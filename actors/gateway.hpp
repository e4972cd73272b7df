#pragma once
// The door to the entities for everybody who is not an actor: the front door,
// the command line, tests. No CAF here.

#include "domain/entity.hpp"

#include <functional>
#include <memory>
#include <string>

namespace zhiku::actors {

/// What a command came to.
struct outcome {
  domain::errc code = domain::errc::none; ///< none: carried out
  domain::refusal why;                    ///< set when code is not none
  domain::json reply = domain::json::object();
  bool repeated = false; ///< the command id had been carried out before
  bool changed = false;  ///< events were committed

  bool ok() const {
    return code == domain::errc::none;
  }
};

/// A command on its way to a stream.
struct order {
  std::string stream;
  domain::command what;
  domain::actor_ref who;
  /// UUID text or a hash; the same id never acts twice on the journal. Empty:
  /// one is made, and the command is not remembered.
  std::string command_id;
  /// Digest of who asks for what, as they sent it. What is kept under
  /// `command_id` is given only to the same request; anything else is refused
  /// with `idempotency_key_reused`. "" for commands that no client repeats.
  std::string request = {};
};

class gateway {
public:
  using answer = std::function<void(outcome)>;

  virtual ~gateway() = default;

  /// Sends the order and returns at once. `done` is called exactly once, from
  /// an actor's thread, and must not block: with the outcome after the commit,
  /// or `errc::busy` when too much is in flight (at once, on the caller's
  /// thread), or `errc::timeout`. Thread-safe.
  virtual void execute(order what, answer done) = 0;

  /// Runs `work` on a detached worker thread that may block (SQL reads,
  /// password hashing); `errc::busy` through `refused` when its queue is full.
  /// Exceptions in `work` are the caller's: it must catch them. Thread-safe.
  virtual void offload(std::function<void()> work,
                       std::function<void()> refused) = 0;

  /// The same on threads for what keeps a processor busy, hashing passwords,
  /// which must not hold up reads; their queue is short.
  virtual void offload_hashing(std::function<void()> work,
                               std::function<void()> refused) {
    offload(std::move(work), std::move(refused));
  }

  /// The one clock: the database's time as last measured. Thread-safe.
  virtual domain::instant now() const = 0;
};

} // namespace zhiku::actors
