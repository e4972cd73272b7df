#pragma once
// What platform and carriers report of messages they had accepted. Reports are
// repeated, out of order, and may come before the answer that names their
// message, so each is kept and applied by whoever comes second. Functions throw
// what SOCI throws.

#include "domain/notice/delivery.hpp"

#include <string>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

struct receipt {
  domain::notice::route via = domain::notice::route::template_message;
  std::string platform_id; ///< msgid, or the carrier's serial
  bool delivered = false;
  bool renew = false;   ///< failed, yet worth one more attempt
  bool refused = false; ///< the person wants no messages by this template
  std::string detail;   ///< in the platform's words, for staff
  domain::instant at{};
  /// Of a subscription notice: to whom and by which template, since sending it
  /// is not answered with an id.
  std::string openid = {};
  std::string template_id = {};
};

/// Keeps the reports and applies those whose message is known. A delivery is
/// never taken back, and of an SMS the first report stands, since a carrier
/// that contradicts itself cannot be believed (W28). The notification is looked
/// at again at once, even one that seemed done, so that a fallback is sent, or
/// is not, or that it is seen that nobody could be told. With an openid, an id
/// that is new stands for that person's oldest open notice by the template, of
/// the last quarter of an hour.
void note_receipts(soci::session& sql, const std::vector<receipt>& all);

/// Serialises, to the end of the transaction, whoever reports of a message and
/// whoever learns that it is its message. Take it before any row of theirs.
void lock_message(soci::session& sql, domain::notice::route via,
                  const std::string& platform_id);

/// Applies the report that came before its message was known, if one did.
void apply_early_receipt(soci::session& sql, domain::notice::route via,
                         const std::string& platform_id, domain::instant now);

/// What a person decided about messages by a template: a consent is one more
/// notice that may be sent (edge 18); a refusal ends them all.
void note_consent(soci::session& sql, const std::string& openid,
                  const std::string& template_id, bool accepted,
                  domain::instant at);

/// A notice went out by a consent, or the platform knows of none any more.
void use_consent(soci::session& sql, const std::string& openid,
                 const std::string& template_id, bool none_left,
                 domain::instant at);

} // namespace zhiku::persistence
