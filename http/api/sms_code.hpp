#pragma once
// SMS codes at the front door (RULES 2.1, edge 39-42): made here, kept by
// `phone_proof/HASH` as a keyed hash that holds purpose, phone and asker.
// Internal to http/api.

#include "http/api/services.hpp"

namespace zhiku::http {

/// Six digits, each of the million equally likely.
std::string new_sms_code();

/// Who asks: a hash of the request's token, else of its browser cookie; "" when
/// it has neither.
std::string binding_of(const services& s, const request& asked);

/// A code that somebody types or that we send.
struct sms_code {
  std::string purpose; ///< IDENTITY or LOGIN
  std::string phone;   ///< normalised
  std::string code;
  std::string binding;
  std::string work = {}; ///< id of the proof of work done for it
};

/// "phone_proof/HASH" of a normalised phone.
std::string proof_stream(const persistence::vault& keys,
                         const std::string& phone);

domain::command send_code(const persistence::vault& keys, const sms_code& what);
domain::command verify_code(const persistence::vault& keys,
                            const sms_code& what);

} // namespace zhiku::http
