#include "persistence/queries/staff.hpp"

#include "domain/fields.hpp"
#include "persistence/database.hpp"
#include "persistence/queries/rows.hpp"

namespace zhiku::persistence {

namespace {

const std::string columns =
  "SELECT id, login, name, password_hash, roles, "
  "disabled_at IS NOT NULL AS disabled FROM staff WHERE ";

constexpr auto put_staff_sql =
  "INSERT INTO staff (id, login, name, password_hash, roles) VALUES "
  "(:id, :login, :name, :hash, CAST(:roles AS jsonb)) "
  "ON CONFLICT (login) DO UPDATE SET name = excluded.name, "
  "password_hash = excluded.password_hash, roles = excluded.roles, "
  "sessions_from = now()";

std::optional<staff_row> staff_of(const domain::json& row) {
  using domain::text_at;
  if (row.is_null())
    return std::nullopt;
  return staff_row{std::string{text_at(row, "id")},
                   std::string{text_at(row, "login")},
                   std::string{text_at(row, "name")},
                   std::string{text_at(row, "password_hash")},
                   domain::texts_at(row, "roles"),
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

void put_staff(soci::session& sql, const staff_row& account) {
  run_statement(sql, put_staff_sql, account.id, account.login, account.name,
                account.password_hash, domain::json(account.roles).dump());
}

} // namespace zhiku::persistence
