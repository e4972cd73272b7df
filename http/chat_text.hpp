#pragma once
// What the account says in a chat besides how things stand. Pure. `base_url`
// is our own address without a final slash.

#include "persistence/queries/login_tickets.hpp"

#include <string>
#include <string_view>

namespace zhiku::http {

/// A link that chats show as `label`; it logs in on the way to `target`.
std::string chat_link(const std::string& base_url, std::string_view target,
                      std::string_view label);

std::string welcome_text(const std::string& base_url);
std::string help_text(const std::string& base_url);

/// For a follower who asks for what only identified people have.
std::string identify_text(const std::string& base_url);

/// What a ticket's scan came to, for the one who scanned.
enum class scan_outcome {
  bound,        ///< theirs to confirm
  taken,        ///< somebody else was first
  over,         ///< expired, refused, used, or never made
  unidentified, ///< they have no file here yet, so nothing was bound
};

/// @param ticket  null: no such scene
scan_outcome outcome_of_scan(const persistence::login_ticket* ticket,
                             std::string_view openid, domain::instant now);

std::string scan_text(scan_outcome came, std::string_view ticket_id,
                      const std::string& base_url);

} // namespace zhiku::http
