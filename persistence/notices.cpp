#include "persistence/notices.hpp"

#include "domain/fields.hpp"
#include "persistence/queries/receipts.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

using domain::instant;
using domain::json;
using domain::nothing;
using domain::result;
using domain::text_at;
using domain::notice::attempt;

namespace {

constexpr auto keep_sql =
  "INSERT INTO notification (id, applicant_id, event, payload, created_at)"
  " VALUES (:id, :applicant, :event, CAST(:payload AS jsonb),"
  " CAST(:at AS timestamptz)) ON CONFLICT DO NOTHING";

constexpr auto round_sql =
  "SELECT resent_after FROM notification WHERE id = :id";

constexpr auto contact_sql =
  "SELECT openid, reachable, sealed, EXISTS (SELECT FROM template_refusal r"
  " WHERE r.openid = person.openid AND r.template_id = :template"
  " AND r.refused) AS refuses,"
  " EXISTS (SELECT FROM subscription_consent c WHERE c.openid = person.openid"
  " AND c.template_id = :subscription AND c.left_over > 0) AS consents"
  " FROM person WHERE id = :id";

constexpr auto attempts_sql =
  "SELECT route, number, stage, tries, first_at, changed_at, next_at, renew, "
  "detail"
  " FROM delivery WHERE notification_id = :id AND number > CAST(:after AS int)";

// Stuck is what the platform would not take yet, or is just being tried.
constexpr auto behind_sql =
  "SELECT 1 AS one FROM effect e WHERE e.target = :target AND"
  " e.lane = 'PERSON' AND e.kind = 'notify' AND e.state = 'PENDING'"
  " AND (e.due_at, e.id) < (CAST(:due AS timestamptz), CAST(:id AS text))"
  " AND e.due_at > CAST(:now AS timestamptz) - interval '1 hour'"
  " AND CASE WHEN EXISTS (SELECT FROM delivery d WHERE d.notification_id = "
  "e.id)"
  " THEN EXISTS (SELECT FROM delivery d WHERE d.notification_id = e.id"
  "   AND d.route = 'TEMPLATE'"
  "   AND d.stage IN ('SENDING', 'RETRYING', 'UNKNOWN')"
  "   AND d.next_at <= CAST(:now3 AS timestamptz) + interval '10 minutes')"
  " ELSE e.next_at <= CAST(:now2 AS timestamptz) + interval '2 minutes' END"
  " LIMIT 1";

constexpr auto begin_sql =
  "INSERT INTO delivery (notification_id, route, number, stage, tries,"
  " first_at, changed_at, next_at, via) VALUES (:id, :route,"
  " CAST(:number AS int), 'SENDING', 1, CAST(:a AS timestamptz),"
  " CAST(:b AS timestamptz), CAST(:c AS timestamptz),"
  " nullif(CAST(:via AS text), '')) ON CONFLICT (notification_id, route, "
  "number)"
  " DO UPDATE SET stage = 'SENDING', tries = delivery.tries + 1,"
  " changed_at = EXCLUDED.changed_at, next_at = EXCLUDED.next_at"
  " WHERE delivery.stage IN ('RETRYING', 'UNKNOWN') OR"
  " (delivery.stage = 'SENDING' AND delivery.changed_at"
  "  <= EXCLUDED.changed_at - CAST(:doubt AS int) * interval '1 second')"
  " RETURNING tries";

constexpr auto stage_sql =
  "SELECT stage FROM delivery WHERE notification_id = :id AND route = :route"
  " AND number = CAST(:number AS int) FOR UPDATE";

constexpr auto conclude_sql =
  "UPDATE delivery SET stage = :stage, renew = CAST(:renew AS boolean),"
  " via = coalesce(nullif(CAST(:via AS text), ''), via),"
  " platform_id = coalesce(nullif(CAST(:platform AS text), ''), platform_id),"
  " detail = :detail, changed_at = CAST(:now AS timestamptz),"
  " next_at = CAST(:next AS timestamptz) WHERE notification_id = :id"
  " AND route = :route AND number = CAST(:number AS int)";

constexpr auto sms_sql =
  "SELECT coalesce(via, '') AS via, coalesce(platform_id, '') AS serial,"
  " first_at FROM delivery WHERE notification_id = :id AND route = 'SMS'"
  " AND number = CAST(:number AS int)";

std::string stored_number(const attempt_key& which) {
  return std::to_string(which.number + which.resent_after);
}

instant at_of(const json& row, const char* column) {
  return domain::instant_at(row, column).value_or(instant{});
}

attempt attempt_of(const json& row, int resent_after) {
  attempt one;
  one.via = domain::notice::route_of(text_at(row, "route"));
  one.number = row.at("number").get<int>() - resent_after;
  one.at = domain::notice::stage_of(text_at(row, "stage"));
  one.tries = row.at("tries").get<int>();
  one.first_at = at_of(row, "first_at");
  one.changed_at = at_of(row, "changed_at");
  one.next_at = at_of(row, "next_at");
  one.renew = domain::flag_at(row, "renew");
  one.detail = text_at(row, "detail");
  return one;
}

} // namespace

notices::notices(std::string dsn, vault& keys)
    : db_(std::move(dsn)), vault_(keys) {
  // nop
}

result<std::optional<notice_file>> notices::open(const notification& what,
                                                 instant now) {
  std::optional<notice_file> found;
  auto outcome = db_.run([&](soci::session& sql) {
    found.reset();
    run_statement(sql, keep_sql, what.id, what.applicant_id, what.event,
                  what.payload.dump(), to_sql(what.at));
    auto who = contact_of(sql, what);
    if (!who)
      return;
    notice_file file;
    file.who = std::move(*who);
    file.resent_after =
      select_row(sql, round_sql, what.id).at("resent_after").get<int>();
    file.so_far = attempts_of(sql, what.id, file.resent_after);
    file.behind_another =
      file.so_far.empty() && is_behind_another(sql, what, now);
    found = std::move(file);
  });
  if (!outcome)
    return outcome.error();
  return found;
}

std::vector<attempt> notices::attempts_of(soci::session& sql,
                                          const std::string& id,
                                          int resent_after) {
  std::vector<attempt> all;
  auto rows = select_rows(sql, attempts_sql, id, std::to_string(resent_after));
  for (const auto& row : rows)
    all.push_back(attempt_of(row, resent_after));
  return all;
}

std::optional<contact> notices::contact_of(soci::session& sql,
                                           const notification& what) {
  auto row = select_row(sql, contact_sql, what.template_id,
                        what.subscription_id, what.applicant_id);
  if (row.is_null())
    return std::nullopt;
  contact who;
  who.openid = text_at(row, "openid");
  who.reachable = domain::flag_at(row, "reachable");
  who.refuses_template = domain::flag_at(row, "refuses");
  who.consents = domain::flag_at(row, "consents");
  if (auto sealed = text_at(row, "sealed"); !sealed.empty())
    if (auto clear = vault_.open(sql, what.applicant_id, sealed))
      who.phone = text_at(*clear, "phone");
  return who;
}

bool notices::is_behind_another(soci::session& sql, const notification& what,
                                instant now) {
  auto at = to_sql(now);
  return !select_row(sql, behind_sql, what.applicant_id, to_sql(what.at),
                     what.id, at, at, at)
            .is_null();
}

result<bool> notices::begin(const attempt_key& which, instant now,
                            const std::string& by) {
  auto at = to_sql(now);
  auto doubt = std::to_string(domain::notice::call_doubt.count());
  bool ours = false;
  auto outcome = db_.run([&](soci::session& sql) {
    ours = !select_row(sql, begin_sql, which.notification_id,
                       std::string{to_text(which.via)}, stored_number(which),
                       at, at, at, by, doubt)
              .is_null();
  });
  if (!outcome)
    return outcome.error();
  return ours;
}

result<nothing> notices::conclude(const attempt_key& which,
                                  const attempt_outcome& how, instant now) {
  std::string route{to_text(which.via)};
  auto number = stored_number(which);
  return db_.transaction([&](soci::session& sql) {
    if (!how.platform_id.empty())
      lock_message(sql, which.via, how.platform_id);
    auto row = select_row(sql, stage_sql, which.notification_id, route, number);
    auto from = domain::notice::stage_of(text_at(row, "stage"));
    if (row.is_null() || !domain::notice::may_become(from, how.at))
      return;
    run_statement(sql, conclude_sql, std::string{to_text(how.at)},
                  sql_flag(how.renew), how.by, how.platform_id, how.detail,
                  to_sql(now), to_sql(how.next_at), which.notification_id,
                  route, number);
    if (!how.platform_id.empty())
      apply_early_receipt(sql, which.via, how.platform_id, now);
  });
}

result<notices::sent_sms> notices::sms_of(const attempt_key& which) {
  sent_sms found;
  auto outcome = db_.run([&](soci::session& sql) {
    auto row =
      select_row(sql, sms_sql, which.notification_id, stored_number(which));
    found = {std::string{text_at(row, "via")},
             std::string{text_at(row, "serial")}, at_of(row, "first_at")};
  });
  if (!outcome)
    return outcome.error();
  return found;
}

result<nothing> notices::refuse_template(const std::string& openid,
                                         const std::string& template_id,
                                         instant at) {
  return db_.run([&](soci::session& sql) {
    note_consent(sql, openid, template_id, false, at);
  });
}

result<nothing> notices::use_consent(const std::string& openid,
                                     const std::string& template_id,
                                     bool none_left, instant at) {
  return db_.run([&](soci::session& sql) {
    persistence::use_consent(sql, openid, template_id, none_left, at);
  });
}

} // namespace zhiku::persistence
