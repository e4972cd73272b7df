#pragma once
// How one notification finds its person: what to do next, decided from what
// has been tried so far. Pure; the notice desk in actors/ does the doing.
//
//   template: -> SENDING -> SENT -> DELIVERED      SMS: the same, besides the
//                  |  ^       `---> FAILED             template or in its place
//             RETRYING / UNKNOWN -> FAILED
//
// An attempt only moves forward: FAILED after DELIVERED is not believed, and
// DELIVERED after FAILED is, which takes back an SMS that has not gone out.

#include "domain/notice/catalogue.hpp"

#include <variant>

namespace zhiku::domain::notice {

enum class route : std::uint8_t {
  template_message,
  subscription, ///< a notice that the person consented to, in its place
  sms
};

/// "TEMPLATE", "SUBSCRIPTION", "SMS".
std::string_view to_text(route via);
route route_of(std::string_view text);

enum class stage : std::uint8_t {
  sending,  ///< the call is under way, or its process died
  retrying, ///< surely not accepted: again at `next_at`
  unknown,  ///< no answer: may have gone out
  sent,     ///< accepted
  failed,
  delivered
};

/// "SENDING", …
std::string_view to_text(stage at);
stage stage_of(std::string_view text);

/// One attempt by one route. A repeat with the same `number` is the same
/// message to the platform, a new number another one.
struct attempt {
  route via = route::template_message;
  int number = 1;
  stage at = stage::sending;
  int tries = 1;      ///< calls made
  instant first_at{}; ///< of its first call
  instant changed_at{};
  instant next_at{};       ///< of RETRYING, UNKNOWN
  bool renew = false;      ///< FAILED, yet worth a new attempt
  std::string detail = {}; ///< errcode or carrier's code of the latest call
};

/// Longer than any call takes: a call still under way after that died with
/// its process.
inline constexpr seconds call_doubt{60};

struct limits {
  seconds receipt{600};         ///< for the platform's report (PROTOCOL 8)
  seconds same_message{600};    ///< the platform knows a client_msg_id so long
  seconds patience{24 * 3600};  ///< with a platform that is away
  seconds patience_urgent{600}; ///< the same, before an SMS goes in its place
  int quiet_from = 21;          ///< Beijing hour; no reminder by SMS
  int quiet_until = 8;          ///< from then on again
};

/// All that the decision rests on.
struct facts {
  const kind& what;
  bool reachable_by_template = false;     ///< follows, agrees, channel is well
  bool reachable_by_subscription = false; ///< a consent is left
  bool reachable_by_sms = false;          ///< phone and template are known
  /// Set while the platform's daily quota is kept for what is urgent.
  std::optional<instant> quota_until;
  std::vector<attempt> so_far; ///< of this round, any order
  instant now{};
};

/// Make the call: a new attempt, or the same one again.
struct call {
  route via;
  int number;
};

/// Ask the carrier what became of an SMS whose answer was lost.
struct ask_carrier {
  int number;
};

struct wait {
  instant until;
};

/// Nothing is left to do. `told`: by one route at least.
struct done {
  bool told;
};

using step = std::variant<call, ask_carrier, wait, done>;

step next_step(const facts& known, const limits& within);

/// T-11: before try `tries + 1` of an SMS; nothing after the last.
std::optional<seconds> sms_pause(int tries);

/// Whether an attempt may go from one stage to the other (monotone).
bool may_become(stage from, stage to);

/// The end of the quiet hours that `at` falls in; `at` itself outside them.
instant after_quiet_hours(instant at, const limits& within);

/// 00:05 Beijing of the next day, when quotas start anew (PROTOCOL 8).
instant after_quota_reset(instant at);

} // namespace zhiku::domain::notice
