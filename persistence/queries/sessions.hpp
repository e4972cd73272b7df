#pragma once
// Logins, in table `session`. Only hashes of tokens ever come here. Functions
// throw what SOCI throws; run them inside `pool::run` or `pool::transaction`.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

struct session_row {
  std::string token_hash;   ///< SHA-256 in hex
  std::string kind;         ///< PERSON or STAFF
  std::string channel;      ///< WECHAT, PC or STAFF: how the login came to be
  std::string applicant_id; ///< "" until the person is known
  std::string openid;       ///< "" when the login did not come through WeChat
  std::string staff_id;
  std::vector<std::string> roles; ///< of staff, as the account has them now
  std::string csrf_hash;          ///< SHA-256 in hex
  domain::instant created_at;
  domain::instant seen_at;
  domain::instant expires_at;
  bool revoked = false;
  std::optional<domain::instant> revoked_at = {};
  std::string revoked_because = {};  ///< "", IDENTITY_CHANGED or RENEWED
  std::string former_csrf_hash = {}; ///< of the session this one took over
  std::string device = {}; ///< "Chrome · Windows", for its holder to know it by
  std::string network = {}; ///< "203.0.113.*"
  std::string id = {};      ///< public; set when read
  /// Kept when a session goes on under another token; set when read.
  std::string lineage = {};
};

void insert_session(soci::session& sql, const session_row& row);

std::optional<session_row> load_session(soci::session& sql,
                                        const std::string& token_hash);

void touch_session(soci::session& sql, const std::string& token_hash,
                   domain::instant now);

/// Whether it was not revoked before. Locks the session until the transaction
/// ends.
/// @param because  what its holder is told; "" for nothing special
bool revoke_session(soci::session& sql, const std::string& token_hash,
                    domain::instant now, const std::string& because = {});

/// Locks the live sessions of the same person until the transaction ends, in
/// one order, so that two that end each other wait instead of failing.
void lock_sessions_like(soci::session& sql, const session_row& one);

/// Revokes all sessions of the same person or staff account as `one`, but for
/// that of the token hash `kept`.
void revoke_sessions_like(soci::session& sql, const session_row& one,
                          domain::instant now, const std::string& because = {},
                          const std::string& kept = {});

/// The live sessions of the same holder: id, channel, device, network,
/// created_at, seen_at, current.
/// @param idle  those not seen since then have ended
domain::json list_sessions_like(soci::session& sql, const session_row& one,
                                domain::instant now, domain::instant idle);

/// Ends the session of that public id when it is of the same holder; its token
/// hash, or "" when there is none.
std::string end_session_like(soci::session& sql, const session_row& one,
                             const std::string& id, domain::instant now);

} // namespace zhiku::persistence
