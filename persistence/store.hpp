#pragma once
// What the runtime needs of storage, and nothing else: the journal and its
// effects. `postgres_store` is the real one; tests and the simulation bring
// one in memory. A store belongs to one thread.

#include "domain/entity.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zhiku::persistence {

using domain::errc;
using domain::instant;
using domain::json;
using domain::result;

/// An effect with the id it is known by everywhere.
struct identified_effect {
  std::string id;
  domain::effect what;
};

/// Where an entity stands, for the watchdog and for operators.
struct standing {
  std::string state;
  bool final = false;
  std::string waits_for;
};

struct stored_snapshot {
  json state;
  json pii;
};

/// One decision of one entity, to be committed whole or not at all.
struct append {
  std::string stream;
  std::int32_t expected_version = 0; ///< version of the last known event
  std::string previous_chain;        ///< its chain value; "" before the first
  std::string subject;               ///< whose key seals personal data, or ""
  instant at;
  json actor;
  std::vector<domain::event> events;
  std::vector<identified_effect> effects;
  std::vector<domain::row> rows;
  /// Remembered with `request` and the whole outcome when not empty.
  std::string command_id;
  std::string request; ///< digest of what was asked; stored under a keyed hash
  json reply;
  /// Set: the events are committed and the command is refused (a wrong code
  /// costs a try). A repeat is refused alike.
  std::optional<domain::refusal> refused;
  std::string effect_id;              ///< delivered effect this answers, or ""
  std::optional<standing> now_stands; ///< set when it differs from before
  std::optional<stored_snapshot> snapshot;
};

/// What a command carried out before had come to.
struct kept_outcome {
  json reply = json::object();
  std::optional<domain::refusal> refused;

  bool operator==(const kept_outcome&) const = default;
};

/// Who looks for a kept outcome. It is given only for the same stream and the
/// same request as it was kept for.
struct repeated_command {
  std::string id;
  std::string stream;
  std::string request;
};

/// What became of an append.
struct appended {
  /// none: committed. version_conflict: somebody else wrote, reload.
  /// duplicate_command: carried out before, `first` is what it came to.
  /// idempotency_key_reused: its command id stands for another request.
  /// phone_in_use, openid_in_use: a unique fact is taken. unavailable: the
  /// database is away and the outcome unknown. internal: this append cannot
  /// be written at all.
  errc code = errc::none;
  std::int32_t version = 0;
  std::string chain; ///< also set when `unavailable`: what was attempted
  kept_outcome first;
};

struct stored_event {
  std::int32_t version;
  instant at;
  json actor;
  domain::event what;
};

/// An entity as it is stored; version 0 when it never was.
struct loaded {
  std::string stream;
  std::int32_t version = 0;
  std::string chain;
  std::optional<stored_snapshot> snapshot;
  std::vector<stored_event> events; ///< those after the snapshot
  bool quarantined = false;
};

/// An effect that fell due and is now ours for the length of the lease.
struct due_effect {
  std::string id;
  std::string stream; ///< who caused it
  domain::effect what;
  std::int32_t attempts; ///< including this one
};

struct settlement {
  /// wait: nothing went wrong, it just is not over yet.
  enum class verdict { done, retry, wait, park };
  verdict how;
  std::string effect_id;
  instant when;        ///< done at, or not before
  std::string failure; ///< for retry, wait and park: why, for operators
  /// The time it is written at. What was made due meanwhile (a receipt came)
  /// stays due.
  instant at{};
};

/// Effects travel in two lanes, so that a slow platform holds up no deadline:
/// `entity` carries commands and wake-ups, `person` messages to people.
enum class lane { entity, person };

lane lane_of(domain::effect::kind kind);

class store {
public:
  virtual ~store() = default;

  /// Commits all appends in one transaction; when that fails for a reason of
  /// one of them, isolates it, so that no append fails for another's sake.
  /// The answers are in the order of the appends, each stream at most once.
  virtual std::vector<appended> commit(const std::vector<append>& batch) = 0;

  /// Loads the named entities in one round trip.
  virtual result<std::vector<loaded>>
  load(const std::vector<std::string>& streams) = 0;

  /// What a command carried out before came to, if it was carried out;
  /// `idempotency_key_reused` when its id stands for another request.
  virtual result<std::optional<kept_outcome>>
  find_outcome(const repeated_command& which) = 0;

  /// Whether the stream's event `version` has this chain value: tells after an
  /// unknown outcome whether a commit had gone through.
  virtual result<bool> holds(const std::string& stream, std::int32_t version,
                             const std::string& chain) = 0;

  /// Takes at most `limit` pending effects of a lane that are due by `now`,
  /// oldest first, and leases them until `lease_end`: nobody else gets them
  /// before.
  virtual result<std::vector<due_effect>>
  claim(lane which, instant now, instant lease_end, std::size_t limit) = 0;

  virtual result<domain::nothing>
  settle(const std::vector<settlement>& all) = 0;

  /// When the next pending effect of a lane falls due.
  virtual result<std::optional<instant>> next_due(lane which) = 0;

  /// Sets an entity aside: its commands are refused until an operator acts.
  virtual result<domain::nothing> quarantine(const std::string& stream,
                                             const std::string& failure,
                                             instant at) = 0;

  /// The one clock.
  virtual result<instant> clock() = 0;
};

/// The next value of a stream's hash chain: SHA-256 over the former one and
/// the event's canonical text, sealed personal data included, so that erasing
/// a person's key leaves the chain whole. Raw 32 bytes.
std::string next_chain(const std::string& previous, const std::string& stream,
                       std::int32_t version, instant at, const json& actor,
                       const domain::event& what, const std::string& sealed);

} // namespace zhiku::persistence
