#include "persistence/queries/receipts.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"
#include "persistence/sql_array.hpp"

#include <map>

namespace zhiku::persistence {

using domain::notice::stage;

namespace {

constexpr auto keep_sql =
  "INSERT INTO receipt (route, platform_id, delivered, renew, refused, detail,"
  " at) VALUES (:route, :id, CAST(:delivered AS boolean),"
  " CAST(:renew AS boolean), CAST(:refused AS boolean), :detail,"
  " CAST(:at AS timestamptz)) ON CONFLICT (route, platform_id) DO UPDATE SET"
  " delivered = EXCLUDED.delivered, renew = EXCLUDED.renew,"
  " refused = EXCLUDED.refused, detail = EXCLUDED.detail, at = EXCLUDED.at"
  " WHERE NOT receipt.delivered AND receipt.route <> 'SMS'"
  " RETURNING platform_id";

constexpr auto kept_sql =
  "SELECT delivered, renew, refused, detail FROM receipt"
  " WHERE route = :route AND platform_id = :id";

constexpr auto message_sql =
  "SELECT notification_id, number, stage, via FROM delivery"
  " WHERE route = :route AND platform_id = :id FOR UPDATE";

// A message is older than its report, however the clocks stand, but not by
// much: past the time a report is waited for, a younger one is meant. What was
// surely sent is meant before what may have been.
constexpr auto identify_sql =
  "UPDATE delivery SET platform_id = :id"
  " WHERE (notification_id, route, number) = ("
  "  SELECT d.notification_id, d.route, d.number FROM delivery d"
  "  JOIN notification n ON n.id = d.notification_id"
  "  JOIN person p ON p.id = n.applicant_id"
  "  WHERE p.openid = :openid AND d.via = :template AND d.route = :route"
  "  AND d.platform_id IS NULL AND d.stage NOT IN ('FAILED', 'DELIVERED')"
  "  AND d.first_at > CAST(:at AS timestamptz) - interval '15 minutes'"
  "  AND d.first_at < CAST(:at2 AS timestamptz) + interval '1 minute'"
  "  ORDER BY d.stage <> 'SENT', d.first_at, d.notification_id LIMIT 1"
  "  FOR UPDATE OF d)";

constexpr auto advance_sql =
  "UPDATE delivery SET stage = :stage, renew = CAST(:renew AS boolean),"
  " detail = :detail, changed_at = CAST(:at AS timestamptz)"
  " WHERE notification_id = :notification AND route = :route"
  " AND number = CAST(:number AS int)";

// In the order of the ids, as `store::settle` does.
constexpr auto hurry_sql =
  "UPDATE effect SET next_at = least(next_at, u.at) FROM ("
  " SELECT e.id, CAST(w.at AS timestamptz) AS at FROM effect e JOIN unnest("
  "  CAST(:ids AS text[]), CAST(:ats AS text[])) AS w(id, at) ON w.id = e.id"
  " WHERE e.state = 'PENDING' ORDER BY e.id FOR UPDATE OF e) AS u"
  " WHERE effect.id = u.id";

// A report of an accepted message takes days at the most; what is older is let
// rest. In the order of the ids.
constexpr auto reopen_sql =
  "UPDATE effect SET state = 'PENDING', attempts = 0, done_at = NULL,"
  " failure = NULL, next_at = u.at FROM ("
  " SELECT e.id, CAST(w.at AS timestamptz) AS at FROM effect e JOIN unnest("
  "  CAST(:ids AS text[]), CAST(:ats AS text[])) AS w(id, at) ON w.id = e.id"
  " WHERE e.state = 'DONE'"
  "  AND e.done_at > CAST(w.at AS timestamptz) - interval '3 days'"
  " ORDER BY e.id FOR UPDATE OF e) AS u WHERE effect.id = u.id";

constexpr auto refuse_sql =
  "INSERT INTO template_refusal (openid, template_id, refused, at)"
  " SELECT p.openid, CAST(:template AS text), true, CAST(:at AS timestamptz)"
  " FROM notification n JOIN person p ON p.id = n.applicant_id"
  " WHERE n.id = :notification AND p.openid IS NOT NULL"
  " ON CONFLICT (openid, template_id) DO UPDATE SET refused = true,"
  " at = EXCLUDED.at WHERE template_refusal.at < EXCLUDED.at";

// News may come out of order and again: the younger one stands.
constexpr auto choose_sql =
  "INSERT INTO template_refusal (openid, template_id, refused, at) VALUES"
  " (:openid, :template, CAST(:refused AS boolean), CAST(:at AS timestamptz))"
  " ON CONFLICT (openid, template_id) DO UPDATE SET"
  " refused = EXCLUDED.refused, at = EXCLUDED.at"
  " WHERE template_refusal.at < EXCLUDED.at";

constexpr auto lock_sql =
  "SELECT 1 AS one FROM (SELECT pg_advisory_xact_lock(hashtextextended("
  "CAST(:message AS text), 0))) AS l";

constexpr auto consent_sql =
  "INSERT INTO subscription_consent (openid, template_id, left_over,"
  " changed_at) VALUES (:openid, :template, 1, CAST(:at AS timestamptz))"
  " ON CONFLICT (openid, template_id) DO UPDATE SET"
  " left_over = subscription_consent.left_over + 1,"
  " changed_at = EXCLUDED.changed_at"
  " WHERE subscription_consent.changed_at < EXCLUDED.changed_at";

constexpr auto use_sql = "UPDATE subscription_consent SET left_over ="
                         " CASE WHEN CAST(:none AS boolean) THEN 0"
                         " ELSE greatest(left_over - 1, 0) END"
                         " WHERE openid = :openid AND template_id = :template"
                         " AND changed_at <= CAST(:at AS timestamptz)";

/// Notifications whose effects have something to do, and since when.
struct moved {
  std::map<std::string, domain::instant> all;
  std::map<std::string, domain::instant> failed; ///< those of them that did
};

void apply(soci::session& sql, const receipt& news, moved& on) {
  std::string route{to_text(news.via)};
  auto message = select_row(sql, message_sql, route, news.platform_id);
  if (message.is_null())
    return;
  auto to = news.delivered ? stage::delivered : stage::failed;
  auto from = domain::notice::stage_of(domain::text_at(message, "stage"));
  if (from == to || !domain::notice::may_become(from, to))
    return;
  std::string notification{domain::text_at(message, "notification_id")};
  auto number = std::to_string(message.at("number").get<int>());
  auto at = to_sql(news.at);
  run_statement(sql, advance_sql, std::string{to_text(to)},
                sql_flag(news.renew), news.detail, at, notification, route,
                number);
  if (news.refused)
    run_statement(sql, refuse_sql, std::string{domain::text_at(message, "via")},
                  at, notification);
  on.all.emplace(notification, news.at);
  if (to == stage::failed)
    on.failed.emplace(notification, news.at);
}

/// An effect has the id of its notification.
void run_for(soci::session& sql, const char* statement,
             const std::map<std::string, domain::instant>& those) {
  if (those.empty())
    return;
  sql_array ids, ats;
  for (const auto& [id, at] : those) {
    ids.add(id);
    ats.add(to_sql(at));
  }
  run_statement(sql, statement, ids.take(), ats.take());
}

void look_again(soci::session& sql, const moved& on) {
  run_for(sql, hurry_sql, on.all);
  run_for(sql, reopen_sql, on.failed);
}

/// Finds the message of an id that no answer told, and gives it that id.
void identify(soci::session& sql, const receipt& news) {
  auto at = to_sql(news.at);
  run_statement(sql, identify_sql, news.platform_id, news.openid,
                news.template_id, std::string{to_text(news.via)}, at, at);
}

bool is_kept(soci::session& sql, domain::notice::route via,
             const std::string& platform_id) {
  return !select_row(sql, kept_sql, std::string{to_text(via)}, platform_id)
            .is_null();
}

void note(soci::session& sql, const receipt& news, moved& on) {
  lock_message(sql, news.via, news.platform_id);
  // A repeat may find a younger message than the one it tells of.
  if (!news.openid.empty() && !is_kept(sql, news.via, news.platform_id))
    identify(sql, news);
  auto kept =
    select_row(sql, keep_sql, std::string{to_text(news.via)}, news.platform_id,
               sql_flag(news.delivered), sql_flag(news.renew),
               sql_flag(news.refused), news.detail, to_sql(news.at));
  if (!kept.is_null())
    apply(sql, news, on);
}

} // namespace

void note_receipts(soci::session& sql, const std::vector<receipt>& all) {
  moved on;
  for (const auto& news : all)
    note(sql, news, on);
  look_again(sql, on);
}

void apply_early_receipt(soci::session& sql, domain::notice::route via,
                         const std::string& platform_id, domain::instant now) {
  auto kept = select_row(sql, kept_sql, std::string{to_text(via)}, platform_id);
  if (kept.is_null())
    return;
  moved on;
  apply(sql,
        {via, platform_id, domain::flag_at(kept, "delivered"),
         domain::flag_at(kept, "renew"), domain::flag_at(kept, "refused"),
         std::string{domain::text_at(kept, "detail")}, now},
        on);
  look_again(sql, on);
}

void note_consent(soci::session& sql, const std::string& openid,
                  const std::string& template_id, bool accepted,
                  domain::instant at) {
  auto when = to_sql(at);
  run_statement(sql, choose_sql, openid, template_id, sql_flag(!accepted),
                when);
  if (accepted)
    run_statement(sql, consent_sql, openid, template_id, when);
  else
    use_consent(sql, openid, template_id, true, at);
}

void use_consent(soci::session& sql, const std::string& openid,
                 const std::string& template_id, bool none_left,
                 domain::instant at) {
  run_statement(sql, use_sql, sql_flag(none_left), openid, template_id,
                to_sql(at));
}

void lock_message(soci::session& sql, domain::notice::route via,
                  const std::string& platform_id) {
  select_row(sql, lock_sql, std::string{to_text(via)} + ':' + platform_id);
}

} // namespace zhiku::persistence
