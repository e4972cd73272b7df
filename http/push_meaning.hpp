#pragma once
// What a push wants of us (PROTOCOL 1.6). Pure.

#include "wechat/push.hpp"

namespace zhiku::http {

enum class meaning : std::uint8_t {
  nothing,  ///< answered `success`; nothing follows
  follow,   ///< follows the account, having scanned nothing of ours
  unfollow, ///< no longer follows
  scan,     ///< scanned the QR code of a login, following or now following
  progress, ///< asks how their applications stand
  exam,     ///< asks for their exam
  archive,  ///< asks for their expert record
  service,  ///< wants to speak with a person
  help,     ///< asks for help, or says what we do not understand
  receipt,  ///< tells what became of a template or subscription message
  consent,  ///< tells that message templates were agreed to or refused
  revoked,  ///< tells that an authorisation was taken back
  closed    ///< tells that a WeChat account is gone
};

meaning meaning_of(const wechat::push& what);

/// "login:" before a login's random scene.
inline constexpr std::string_view login_scene_prefix = "login:";

/// Whether only an answer is lost when nobody keeps the push: a question of a
/// person about themselves, as opposed to a fact.
bool is_question(meaning what);

} // namespace zhiku::http
