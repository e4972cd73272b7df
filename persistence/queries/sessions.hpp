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
  std::vector<std::string> roles; ///< of staff
  std::string csrf_hash;          ///< SHA-256 in hex
  domain::instant created_at;
  domain::instant seen_at;
  domain::instant expires_at;
  bool revoked = false;
  std::string revoked_because = {};  ///< "" or IDENTITY_CHANGED
  std::string former_csrf_hash = {}; ///< of the session this one took over
};

void insert_session(soci::session& sql, const session_row& row);

std::optional<session_row> load_session(soci::session& sql,
                                        const std::string& token_hash);

void touch_session(soci::session& sql, const std::string& token_hash,
                   domain::instant now);

/// Tells a WeChat session who its person is.
void attach_applicant(soci::session& sql, const std::string& token_hash,
                      const std::string& applicant_id);

/// @param because  what its holder is told; "" for nothing special
void revoke_session(soci::session& sql, const std::string& token_hash,
                    domain::instant now, const std::string& because = {});

/// Revokes all sessions of the same person or staff account as `one`.
void revoke_sessions_like(soci::session& sql, const session_row& one,
                          domain::instant now);

} // namespace zhiku::persistence
