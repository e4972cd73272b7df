#pragma once
// Every way a command or a read can be refused, for all modules above base.
// `code` is the stable text of API problem documents; `http/problem.cpp` maps
// each to a status in one table.

#include <cstdint>
#include <string_view>

namespace zhiku::domain {

enum class errc : std::uint8_t {
  none = 0,

  // what was asked is wrong in itself
  invalid_input,        ///< one or more fields are wrong; see refusal::fields
  not_found,            ///< no such thing, or not the asker's: the same answer
  method_not_allowed,   ///< the thing is there, and is not asked for like this
  gone,                 ///< was there and was deleted (edge 5)
  not_authenticated,    ///< no valid session or token
  forbidden,            ///< known who, but not allowed
  csrf_failed,          ///< a cookie-authenticated write without its CSRF token
  channel_not_allowed,  ///< RULES 1.7: this function is not on this channel
  function_not_in_pool, ///< edge 60
  identity_changed,     ///< edge 57
  consent_required,     ///< privacy notice or declarations not ticked

  // SMS code and identity (RULES 2.1)
  code_too_soon,     ///< less than sms.gap since the last send
  code_limit,        ///< per-phone or per-address cap reached
  work_required,     ///< a proof of work is asked for before the next code
  code_wrong,        ///< wrong code, tries left
  code_expired,      ///< no live code: expired, burnt, used or never sent
  identity_mismatch, ///< neutral text: name or binding differs (edge 43-45)
  phone_in_use,      ///< edge 46, 47
  openid_in_use,     ///< edge 45

  // application and review (RULES 2.2)
  state_conflict,    ///< the thing is not in a state that allows this
  already_accepted,  ///< edge 1: withdraw lost to accept
  already_withdrawn, ///< edge 1: accept lost to withdraw
  open_case_exists,  ///< edge 4
  already_expert,    ///< already live in that pool
  version_stale,     ///< the asker saw an older version (edge 3)
  four_eyes,         ///< the same person may not do both steps
  no_exam_plan,      ///< nothing to bind the person to

  // exam (RULES 4)
  exam_not_open,     ///< before the window; detail names start and end
  exam_closed,       ///< window over
  attempt_closed,    ///< edge 27
  writer_changed,    ///< edge 28, 29
  score_not_ready,   ///< edge 38
  paper_unavailable, ///< the question bank cannot fill the paper rule

  // the system
  not_ready,         ///< what this needs is still being made; ask again shortly
  busy,              ///< a bounded queue is full; ask again later
  unavailable,       ///< the database or a peer is away; ask again later
  timeout,           ///< no answer in time; the outcome is unknown
  version_conflict,  ///< journal fence: another writer was first
  duplicate_command, ///< journal: this command id has been carried out
  idempotency_key_reused,  ///< the key was used for another request
  idempotency_in_progress, ///< the first request of that key is under way
  too_large,               ///< body over the limit
  rate_limited,            ///< too many requests
  internal,                ///< our fault
};

/// Stable upper-case text, e.g. "CHANNEL_NOT_ALLOWED".
std::string_view code(errc value);

/// The errc of that text; `errc::internal` for unknown ones.
errc errc_of(std::string_view code);

/// A short Chinese sentence for people, saying what to do next.
std::string_view title(errc value);

} // namespace zhiku::domain
