#include "persistence/notices.hpp"

#include <soci/soci.h>

namespace zhiku::persistence {

using domain::json;
using domain::nothing;
using domain::result;

notices::notices(std::string dsn, vault& keys)
    : db_(std::move(dsn)), vault_(keys) {
  // nop
}

result<nothing> notices::record(const std::string& id,
                                const std::string& applicant_id,
                                const std::string& event, const json& payload,
                                domain::instant at) {
  auto text = payload.dump();
  auto when = to_sql(at);
  return db_.run([&](soci::session& sql) {
    sql << "INSERT INTO notification (id, applicant_id, event, payload,"
           " created_at) VALUES (:i, :a, :e, CAST(:p AS jsonb),"
           " CAST(:c AS timestamptz)) ON CONFLICT DO NOTHING",
      soci::use(id), soci::use(applicant_id), soci::use(event), soci::use(text),
      soci::use(when);
  });
}

result<std::optional<contact>>
notices::contact_of(const std::string& applicant_id) {
  std::optional<contact> found;
  auto outcome = db_.run([&](soci::session& sql) {
    contact who;
    std::string sealed;
    int reachable = 0;
    soci::indicator has_openid = soci::i_null;
    soci::indicator has_sealed = soci::i_null;
    sql << "SELECT openid, CASE WHEN reachable THEN 1 ELSE 0 END, sealed"
           " FROM person WHERE id = :i",
      soci::use(applicant_id), soci::into(who.openid, has_openid),
      soci::into(reachable), soci::into(sealed, has_sealed);
    if (!sql.got_data())
      return;
    who.reachable = reachable != 0;
    if (has_openid == soci::i_null)
      who.openid.clear();
    if (has_sealed == soci::i_ok)
      if (auto clear = vault_.open(sql, applicant_id, sealed))
        who.phone = clear->value("phone", "");
    found = std::move(who);
  });
  if (!outcome)
    return outcome.error();
  return found;
}

result<std::vector<delivery>> notices::deliveries_of(const std::string& id) {
  std::vector<delivery> all;
  auto outcome = db_.run([&](soci::session& sql) {
    soci::rowset<soci::row> rows =
      (sql.prepare << "SELECT route, state FROM delivery WHERE"
                      " notification_id = :i",
       soci::use(id));
    for (const auto& row : rows)
      all.push_back({row.get<std::string>(0), row.get<std::string>(1)});
  });
  if (!outcome)
    return outcome.error();
  return all;
}

result<nothing>
notices::note_delivery(const std::string& id, std::string_view route,
                       std::string_view state, const std::string& platform_id,
                       const std::string& detail, domain::instant at) {
  std::string route_text{route};
  std::string state_text{state};
  auto when = to_sql(at);
  return db_.run([&](soci::session& sql) {
    sql << "INSERT INTO delivery (notification_id, route, state, platform_id,"
           " detail, at) VALUES (:i, :r, :s, :p, :d, CAST(:a AS timestamptz))"
           " ON CONFLICT (notification_id, route) DO UPDATE SET"
           " state = EXCLUDED.state, platform_id = EXCLUDED.platform_id,"
           " detail = EXCLUDED.detail, at = EXCLUDED.at"
           " WHERE delivery.state <> 'DELIVERED'",
      soci::use(id), soci::use(route_text), soci::use(state_text),
      soci::use(platform_id), soci::use(detail), soci::use(when);
  });
}

} // namespace zhiku::persistence
