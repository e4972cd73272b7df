#include "persistence/queries/staff.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

const std::string columns =
  "SELECT id, login, name, password_hash, roles, locked_until, "
  "disabled_at IS NOT NULL AS disabled FROM staff WHERE ";

constexpr auto count_failed_sql =
  "UPDATE staff SET failed = CASE WHEN failed + 1 >= :limit THEN 0 "
  "ELSE failed + 1 END, locked_until = CASE WHEN failed + 1 >= :limit2 "
  "THEN CAST(:until AS timestamptz) ELSE locked_until END WHERE id = :id";

constexpr auto clear_failed_sql =
  "UPDATE staff SET failed = 0, locked_until = NULL "
  "WHERE id = :id AND (failed > 0 OR locked_until IS NOT NULL)";

constexpr auto put_staff_sql =
  "INSERT INTO staff (id, login, name, password_hash, roles) VALUES "
  "(:id, :login, :name, :hash, CAST(:roles AS jsonb)) "
  "ON CONFLICT (login) DO UPDATE SET name = excluded.name, "
  "password_hash = excluded.password_hash, roles = excluded.roles, "
  "failed = 0, locked_until = NULL, sessions_from = now()";

std::optional<staff_row> staff_of(const domain::json& row) {
  using domain::text_at;
  if (row.is_null())
    return std::nullopt;
  return staff_row{std::string{text_at(row, "id")},
                   std::string{text_at(row, "login")},
                   std::string{text_at(row, "name")},
                   std::string{text_at(row, "password_hash")},
                   domain::texts_at(row, "roles"),
                   domain::instant_at(row, "locked_until"),
                   domain::flag_at(row, "disabled")};
}

} // namespace

std::optional<staff_row> staff_by_login(soci::session& sql,
                                        const std::string& login) {
  return staff_of(select_row(sql, columns + "login = :login", login));
}

std::optional<staff_row> staff_by_id(soci::session& sql,
                                     const std::string& id) {
  return staff_of(select_row(sql, columns + "id = :id", id));
}

void count_failed_login(soci::session& sql, const std::string& id, int limit,
                        domain::instant lock_end) {
  run_statement(sql, count_failed_sql, limit, limit, to_sql(lock_end), id);
}

void clear_failed_logins(soci::session& sql, const std::string& id) {
  run_statement(sql, clear_failed_sql, id);
}

void put_staff(soci::session& sql, const staff_row& account) {
  run_statement(sql, put_staff_sql, account.id, account.login, account.name,
                account.password_hash, domain::json(account.roles).dump());
}

} // namespace zhiku::persistence
