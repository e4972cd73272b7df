#pragma once
// What a push brings about, in the transaction that keeps it. The functions
// throw what SOCI throws. Internal to http/api.

#include "http/api/services.hpp"
#include "http/push_meaning.hpp"

namespace zhiku::http {

/// Whether what is said depends on how things stand at that moment.
bool answer_depends(meaning what);

/// The text that answers, "" for none. `sql` is used only when
/// `answer_depends`.
std::string answer_text(soci::session& sql, const services& s,
                        const wechat::push& what, meaning wants);

/// Keeps the facts a push tells. Once for each push.
void keep_facts(soci::session& sql, const wechat::push& what);

/// Tells what the push says of messages. Of repeats too: two of them may look
/// alike and tell different things.
void tell_others(soci::session& sql, const services& s,
                 const wechat::push& what, meaning wants);

} // namespace zhiku::http
