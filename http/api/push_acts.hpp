#pragma once
// What a push brings about. Functions with a session run in the transaction
// that keeps the push, and throw what SOCI throws. Internal to http/api.

#include "http/api/services.hpp"
#include "http/push_meaning.hpp"

namespace zhiku::http {

/// What a push is answered.
struct reply {
  std::string xml;  ///< in clear; "" for the word `success`
  std::string text; ///< what it says, should it have to be sent; "" for none
};

/// Whether the answer depends on how things stand at that moment.
bool answer_depends(meaning what);

/// Whether a repeat may be handled like the first delivery: nothing changes,
/// and the answer is the same at any time.
bool needs_no_memory(meaning what);

/// @pre !answer_depends(wants)
reply fixed_reply(const services& s, const wechat::push& what, meaning wants);

/// @param applicant  who sent it, "" for nobody we know
/// @pre answer_depends(wants)
reply standing_reply(soci::session& sql, const services& s,
                     const wechat::push& what, meaning wants,
                     const std::string& applicant);

/// When what a push tells of came about. The platform's word, unless that is
/// absurd or of the future: then now, since later news must not be blocked by
/// it (W1).
instant happened_at(const wechat::push& what, instant now);

/// Keeps the facts a push tells. Once for each push.
void keep_facts(soci::session& sql, const services& s,
                const wechat::push& what);

// Of repeats too: two of them may look alike and tell different things.

/// What the push says of messages that were sent.
std::vector<receipt> receipts_in(const wechat::push& what, meaning wants,
                                 instant now);

/// What it says of messages that may be sent.
std::vector<consent> consents_in(const wechat::push& what, meaning wants,
                                 instant now);

} // namespace zhiku::http
