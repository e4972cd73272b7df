#include "persistence/queries/login_tickets.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto insert_ticket_sql =
  "INSERT INTO login_ticket (id, scene, browser_hash, target, qr_url, device, "
  "network, created_at, expires_at) VALUES (:id, :scene, :browser, :target, "
  ":url, :device, :network, CAST(:created AS timestamptz), "
  "CAST(:expires AS timestamptz))";

const std::string ticket_columns =
  "SELECT id, scene, browser_hash, target, qr_url, device, network, state, "
  "openid, created_at, expires_at FROM login_ticket WHERE ";

constexpr auto scan_ticket_sql =
  "UPDATE login_ticket SET state = 'SCANNED', openid = :openid "
  "WHERE scene = :scene AND state = 'WAITING' "
  "AND expires_at > CAST(:now AS timestamptz)";

constexpr auto decide_ticket_sql =
  "UPDATE login_ticket SET state = :state WHERE id = :id AND openid = :openid "
  "AND state = 'SCANNED' AND expires_at > CAST(:now AS timestamptz) "
  "RETURNING id";

constexpr auto use_ticket_sql =
  "UPDATE login_ticket SET state = 'USED' WHERE id = :id "
  "AND state = 'CONFIRMED' AND expires_at > CAST(:now AS timestamptz) "
  "RETURNING id";

std::optional<login_ticket> ticket_of(const domain::json& row) {
  if (row.is_null())
    return std::nullopt;
  auto text = [&row](std::string_view key) {
    return std::string{domain::text_at(row, key)};
  };
  return login_ticket{
    text("id"),
    text("scene"),
    text("browser_hash"),
    text("target"),
    text("qr_url"),
    text("device"),
    text("network"),
    domain::instant_at(row, "created_at").value_or(domain::instant{}),
    domain::instant_at(row, "expires_at").value_or(domain::instant{}),
    text("state"),
    text("openid")};
}

} // namespace

void insert_login_ticket(soci::session& sql, const login_ticket& ticket) {
  run_statement(sql, insert_ticket_sql, ticket.id, ticket.scene,
                ticket.browser_hash, ticket.target, ticket.qr_url,
                ticket.device, ticket.network, to_sql(ticket.created_at),
                to_sql(ticket.expires_at));
}

std::optional<login_ticket> load_login_ticket(soci::session& sql,
                                              const std::string& id) {
  return ticket_of(select_row(sql, ticket_columns + "id = :id", id));
}

std::optional<login_ticket> scan_login_ticket(soci::session& sql,
                                              const std::string& scene,
                                              const std::string& openid,
                                              domain::instant now) {
  run_statement(sql, scan_ticket_sql, openid, scene, to_sql(now));
  return ticket_of(select_row(sql, ticket_columns + "scene = :scene", scene));
}

bool decide_login_ticket(soci::session& sql, const std::string& id,
                         const std::string& openid, bool confirmed,
                         domain::instant now) {
  std::string state = confirmed ? "CONFIRMED" : "REFUSED";
  auto moved =
    select_row(sql, decide_ticket_sql, state, id, openid, to_sql(now));
  return !moved.is_null();
}

bool use_login_ticket(soci::session& sql, const std::string& id,
                      domain::instant now) {
  return !select_row(sql, use_ticket_sql, id, to_sql(now)).is_null();
}

} // namespace zhiku::persistence
