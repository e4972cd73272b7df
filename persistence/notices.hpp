#pragma once
// What people were told, by which route, and how it went. One notification has
// one id, its effect's, over all routes and attempts. Blocking; one thread.

#include "domain/notice/delivery.hpp"
#include "persistence/database.hpp"
#include "persistence/vault.hpp"

#include <optional>
#include <string>
#include <vector>

namespace zhiku::persistence {

/// Where a person can be reached. Holds personal data: not for logs.
struct contact {
  std::string openid;            ///< "" when none is bound
  bool reachable = false;        ///< follows, as far as is known
  bool refuses_template = false; ///< edge 18
  bool consents = false;         ///< to a notice by the subscription template
  std::string phone;             ///< "" when erased
};

/// A notification on its way, as `notices::open` finds it.
struct notice_file {
  contact who;
  std::vector<domain::notice::attempt> so_far; ///< numbered from 1 each round
  int resent_after = 0; ///< attempts before the round, kept for staff to see
  bool behind_another = false; ///< an older message to the person is stuck
};

/// Which attempt of which notification.
struct attempt_key {
  std::string notification_id;
  domain::notice::route via;
  int number;       ///< within the round
  int resent_after; ///< of the file
};

/// What came of a call.
struct attempt_outcome {
  domain::notice::stage at = domain::notice::stage::failed;
  domain::instant next_at{};
  bool renew = false;
  std::string by;          ///< template id, or the carrier's name
  std::string platform_id; ///< of SENT
  std::string detail;      ///< errcode, or the carrier's code
};

class notices {
public:
  notices(std::string dsn, vault& keys);

  struct notification {
    std::string id;
    std::string applicant_id;
    std::string event;
    domain::json payload;
    domain::instant at;
    std::string template_id;     ///< of its template message, or ""
    std::string subscription_id; ///< of its subscription notice, or ""
  };

  /// Keeps the in-app message, once, and reads how far it has come. Nothing
  /// when there is no such person.
  domain::result<std::optional<notice_file>> open(const notification& what,
                                                  domain::instant now);

  /// Writes down that the call is about to be made. False: somebody else is
  /// making it, or it is over; then it must not be made.
  /// @param by  as in `attempt_outcome`; empty where only the outcome tells
  domain::result<bool> begin(const attempt_key& which, domain::instant now,
                             const std::string& by = {});

  /// Writes down what came of it; a report that was there first counts.
  domain::result<domain::nothing> conclude(const attempt_key& which,
                                           const attempt_outcome& how,
                                           domain::instant now);

  /// How to ask a carrier about the attempt.
  struct sent_sms {
    std::string carrier;
    std::string serial;
    domain::instant first_at{};
  };
  domain::result<sent_sms> sms_of(const attempt_key& which);

  /// 43101, until the person agrees again.
  domain::result<domain::nothing>
  refuse_template(const std::string& openid, const std::string& template_id,
                  domain::instant at);

  /// A subscription notice went out, or the platform knows of no consent.
  domain::result<domain::nothing> use_consent(const std::string& openid,
                                              const std::string& template_id,
                                              bool none_left,
                                              domain::instant at);

private:
  std::vector<domain::notice::attempt>
  attempts_of(soci::session& sql, const std::string& id, int resent_after);
  std::optional<contact> contact_of(soci::session& sql,
                                    const notification& what);
  bool is_behind_another(soci::session& sql, const notification& what,
                         domain::instant now);

  database db_;
  vault& vault_;
};

} // namespace zhiku::persistence
