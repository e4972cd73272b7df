#pragma once
// The pages of logins: the one at the PC and the one on the phone that confirms
// it. Pure.

#include "http/message.hpp"
#include "persistence/queries/login_tickets.hpp"

namespace zhiku::http {

/// Asks for a ticket, shows its QR code, waits for the phone and goes on to
/// `target`; offers the SMS login beside it.
/// @param website_app  whether `/login/wechat` is another way
response login_page(const std::string& target, bool website_app);

/// Says what is being confirmed, so that nobody lets a stranger's browser in
/// (QRLjacking), with a button for each decision.
response confirmation_page(const persistence::login_ticket& ticket);

/// There is nothing to confirm, or no longer, or not for this person.
response no_confirmation_page(int status);

} // namespace zhiku::http
