#pragma once
// Logins at a PC by QR code, in table `login_ticket` (PROTOCOL 4b):
//
//   WAITING ─scan→ SCANNED ─confirm→ CONFIRMED ─use→ USED
//                     └────refuse──→ REFUSED
//
// Each step counts only before `expires_at`, and of several at once exactly
// one wins. Functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

struct login_ticket {
  std::string id;
  std::string scene;        ///< what the platform tells of the QR code
  std::string browser_hash; ///< SHA-256 in hex of the asking browser's secret
  std::string target;       ///< local path to go on to
  std::string qr_url;       ///< what the QR code says
  std::string device;       ///< browser family and system, in Chinese
  std::string network;      ///< masked address
  domain::instant created_at;
  domain::instant expires_at;
  std::string state = "WAITING";
  std::string openid; ///< who scanned first; "" until then
};

void insert_login_ticket(soci::session& sql, const login_ticket& ticket);

std::optional<login_ticket> load_login_ticket(soci::session& sql,
                                              const std::string& id);

/// Binds a waiting ticket to who scanned it. Gives the ticket of the scene as
/// it stands afterwards, whoever it is bound to.
std::optional<login_ticket> scan_login_ticket(soci::session& sql,
                                              const std::string& scene,
                                              const std::string& openid,
                                              domain::instant now);

/// Whether the ticket was scanned by `openid` and is now CONFIRMED, or REFUSED.
bool decide_login_ticket(soci::session& sql, const std::string& id,
                         const std::string& openid, bool confirmed,
                         domain::instant now);

/// Whether the ticket was confirmed and is now used up.
bool use_login_ticket(soci::session& sql, const std::string& id,
                      domain::instant now);

} // namespace zhiku::persistence
