#pragma once
// Who follows the account: by its pushes, which may be lost, and by the
// platform's list (PROTOCOL 7). Persons learn of it through the courier, after
// the commit. Functions throw what SOCI throws.

#include "domain/time.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

/// Notes whether the openid follows, unless later news of it are known: pushes
/// may arrive out of order.
void note_follower(soci::session& sql, const std::string& openid,
                   bool following, domain::instant at);

/// The same, and tells the person the openid is bound to. The same `id` tells
/// once.
void note_following(soci::session& sql, const std::string& id,
                    const std::string& openid, bool following,
                    domain::instant at);

/// The openid's WeChat account is gone (W7): its person is told, by the command
/// `unbind`, its sessions end, and what was known of it alone is deleted. The
/// same `id` tells once.
void forget_account(soci::session& sql, const std::string& id,
                    const std::string& openid, domain::instant at);

/// Notes of many at once whether they followed at `at`, where that is not what
/// is believed and no news of that moment or later are known. Tells the persons
/// of whom something else was believed. Gives how many were noted.
std::size_t note_followings(soci::session& sql,
                            std::span<const std::string> openids,
                            bool following, domain::instant at);

/// Who is believed to follow, by the openid's own row or by the person it is
/// bound to: the first `most` after `after`, in order. Those of whom there are
/// news of `before` or later are left out.
std::vector<std::string> believed_followers(soci::session& sql,
                                            const std::string& after,
                                            domain::instant before,
                                            std::size_t most);

} // namespace zhiku::persistence
