#pragma once
// What an entity is made of. A kind is three pure functions over its state:
//
//   decide : (state, command, context) -> events and a reply, or a refusal
//   evolve : (state, event)            -> state
//   effects: (state, event)            -> what must follow
//
// and `project`, the rows its lists and searches are read from. `kinds.hpp`
// gathers them behind `entity`, which one generic actor runs.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::domain {

using nlohmann::json;

/// How the asker's login came to be; decides RULES 1.7, never a parameter.
enum class channel : std::uint8_t { system, wechat, pc, staff };

/// "SYSTEM", "WECHAT", "PC", "STAFF".
std::string_view to_text(channel ch);
channel channel_of(std::string_view text);

/// Who acts.
struct actor_ref {
  /// VISITOR, APPLICANT, ACCEPTOR, CHECKER, APPROVER, EXAM_ADMIN, POOL_ADMIN,
  /// AUDITOR or SYSTEM; a staff account may hold several.
  std::vector<std::string> roles;
  std::string id; ///< applicant id, staff id, or the sending stream
  channel ch = channel::system;

  bool has(std::string_view role) const;
};

json to_json(const actor_ref& who);
actor_ref actor_of(const json& value);

struct policy;       // settings.hpp
class question_bank; // exam/question_bank.hpp

/// All that a decider may know besides its state and the command.
struct context {
  instant now; ///< the one clock's time
  actor_ref who;
  std::string command_id;        ///< UUID text, unique to this command: ids and
                                 ///< seeds are derived from it with `derive_id`
  const policy* rules = nullptr; ///< never null in use
  const question_bank* bank = nullptr; ///< null: none loaded
};

/// A UUID-shaped id made from `command_id` and `purpose`; the same every time,
/// so a repeated command names the same children.
std::string derive_id(std::string_view command_id, std::string_view purpose);

/// What somebody wants. `pii` holds personal data, which the journal seals.
struct command {
  std::string type; ///< e.g. "withdraw"
  json data = json::object();
  json pii = json::object();
};

/// What happened. Append-only; `schema` rises when the shape changes, and
/// `upcast` in the kind turns older ones into the newest.
struct event {
  std::string type;
  json data = json::object();
  json pii = json::object(); ///< sealed at rest; empty once erased
  int schema = 1;
};

/// What must follow an event: at least once, from the same transaction.
struct effect {
  enum class kind : std::uint8_t {
    command, ///< carry `type` with `payload` to the entity `target`
    notify,  ///< tell the person `target` (applicant id) of `type`
    sms_code ///< send an SMS code; `pii` holds phone and code
  };
  kind what = kind::command;
  std::string target; ///< stream "review_case/ID", or an applicant id
  std::string type;   ///< command type, or notification event
  json payload = json::object();
  json pii = json::object(); ///< sealed at rest, destroyed once delivered
  instant due{};             ///< epoch: at once; later: a wake-up
};

/// A row of a projection, whole: written over the former one of its key.
struct row {
  std::string table;
  std::string key;                            ///< value of column `id`
  json columns = json::object();              ///< plain columns besides `id`
  json pii = json::object();                  ///< sealed into column `sealed`
  std::map<std::string, std::string> lookups; ///< column -> text to hash
};

struct decision {
  /// Empty: nothing changes (a read, or a harmless repeat).
  std::vector<event> events;
  /// To the asker. Kept for repeats when there are events, so it must hold no
  /// personal data then; a read may.
  json reply = json::object();
  /// Effects whose content must never enter an event (an SMS code in clear).
  std::vector<effect> effects;
  /// Set: commit the events, then refuse (a wrong code costs a try).
  std::optional<refusal> refused;
};

/// One live entity of any kind. Not thread-safe; owned by one actor.
class entity {
public:
  virtual ~entity() = default;

  virtual result<decision> decide(const command& cmd,
                                  const context& ctx) const = 0;
  virtual void evolve(const event& ev) = 0;

  /// What must follow `ev`; called after `evolve(ev)`.
  virtual std::vector<effect> effects(const event& ev) const = 0;

  /// The rows after the latest event; empty when no list shows this kind.
  virtual std::vector<row> project() const = 0;

  /// Everything `restore` needs. `pii` is sealed at rest.
  virtual json snapshot() const = 0;
  virtual json snapshot_pii() const = 0;
  virtual void restore(const json& data, const json& pii) = 0;

  /// Whose key seals this entity's personal data: an applicant id, or "" when
  /// it has none.
  virtual std::string subject() const = 0;

  /// Whether nothing can happen to it any more, so the watchdog may pass on.
  virtual bool final() const = 0;

  /// One Chinese-free word for the state, for operators ("SUBMITTED").
  virtual std::string state_name() const = 0;
};

/// A new, empty entity for a stream "kind/id"; null for an unknown kind.
std::unique_ptr<entity> make_entity(std::string_view stream);

/// "review_case/ID" -> "review_case".
std::string_view kind_of(std::string_view stream);
/// "review_case/ID" -> "ID".
std::string_view id_of(std::string_view stream);

} // namespace zhiku::domain
