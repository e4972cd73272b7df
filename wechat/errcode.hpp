#pragma once
// What to do about a failed call: PROTOCOL 8 as data. Pure, thread-safe.

#include "wechat/result.hpp"

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace zhiku::wechat {

enum class retry_class : std::uint8_t {
  none,           ///< accepted: nothing to repeat
  never,          ///< the same call will fail again
  with_new_token, ///< once, after asking stable_token without force
  backoff,        ///< later, growing, with jitter, for at most 24 h
  tomorrow,       ///< after 00:05 Beijing, when quotas start anew
};

/// What becomes of a notification that met this code, after its retries.
enum class next_step : std::uint8_t {
  await_report,  ///< TEMPLATESENDJOBFINISH will tell
  sms,           ///< tell the person by SMS
  sms_if_urgent, ///< SMS if it cannot wait
  shorten,       ///< shorten, send once more with a new id; else SMS
  park,          ///< leave it where staff see it
  ask_person,    ///< the person must do it again: new code, new media
  nothing,       ///< a normal answer
};

/// What the code says about the person.
enum class person_mark : std::uint8_t {
  none,
  binding_broken, ///< the openid is not one of ours
  not_following,
  refused_template, ///< or used up the consent for it
};

/// What must rest until an operator has looked.
enum class pause_scope : std::uint8_t { none, account, template_id };

struct advice {
  int errcode = 0;
  retry_class retry = retry_class::never;
  next_step step = next_step::park;
  person_mark mark = person_mark::none;
  pause_scope pause = pause_scope::none;
  bool alarm = false;
  std::chrono::seconds first_wait{0}; ///< before the first retry by backoff
};

/// Every code we know, ascending.
std::span<const advice> known_errcodes();

/// Unknown codes: never again, parked, alarm.
advice advice_for(int errcode);

/// Also for what never reached the platform or came back broken: the outcome
/// is unknown, so repeat with the same `client_msg_id` within 10 minutes.
advice advice_for(const api_error& error);

/// For the `Status` of TEMPLATESENDJOBFINISH. `failed: system failed` asks for
/// one retry, with a new `client_msg_id`.
advice advice_for_report(std::string_view status);

/// The address of ours that 40164 refused, out of its errmsg; an operator has
/// to admit it in the console. Empty when the text holds none.
std::string refused_address(std::string_view errmsg);

} // namespace zhiku::wechat
