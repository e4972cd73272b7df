#pragma once
// Staff accounts. Functions throw what SOCI throws.

#include "domain/entity.hpp"

namespace soci {
class session;
}

namespace zhiku::persistence {

struct staff_row {
  std::string id;
  std::string login;
  std::string name;
  std::string password_hash; ///< encoded argon2id
  std::vector<std::string> roles;
  bool disabled = false;
};

std::optional<staff_row> staff_by_login(soci::session& sql,
                                        const std::string& login);

std::optional<staff_row> staff_by_id(soci::session& sql, const std::string& id);

/// Makes the account, or gives the one of that login a new name, password and
/// roles and ends its logins.
void put_staff(soci::session& sql, const staff_row& account);

} // namespace zhiku::persistence
