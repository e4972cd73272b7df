#pragma once
// What people were told, by which route, and how it went. One notification has
// one id, its effect's, over all routes. Blocking; one thread.

#include "domain/entity.hpp"
#include "persistence/database.hpp"
#include "persistence/vault.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::persistence {

/// Where a person can be reached. Holds personal data: not for logs.
struct contact {
  std::string openid; ///< "" when none is bound
  bool reachable = false;
  std::string phone; ///< "" when erased
};

struct delivery {
  std::string route; ///< TEMPLATE, SMS
  std::string state; ///< SENT, DELIVERED, FAILED
};

class notices {
public:
  notices(std::string dsn, vault& keys);

  /// The in-app message; a repeat changes nothing.
  domain::result<domain::nothing> record(const std::string& id,
                                         const std::string& applicant_id,
                                         const std::string& event,
                                         const domain::json& payload,
                                         domain::instant at);

  /// Nothing when there is no such person.
  domain::result<std::optional<contact>>
  contact_of(const std::string& applicant_id);

  domain::result<std::vector<delivery>> deliveries_of(const std::string& id);

  /// DELIVERED is final; a later SENT or FAILED does not take it back.
  domain::result<domain::nothing>
  note_delivery(const std::string& id, std::string_view route,
                std::string_view state, const std::string& platform_id,
                const std::string& detail, domain::instant at);

private:
  database db_;
  vault& vault_;
};

} // namespace zhiku::persistence
