#include "persistence/queries/people.hpp"

#include "domain/fields.hpp"
#include "persistence/queries/rows.hpp"
#include "persistence/sql_array.hpp"

namespace zhiku::persistence {

namespace {

constexpr auto by_phone_sql = "SELECT id FROM person WHERE phone_hash = :hash";
constexpr auto by_openid_sql = "SELECT id FROM person WHERE openid = :openid";

constexpr auto by_openids_sql =
  "SELECT openid, id FROM person WHERE openid = ANY(CAST(:all AS text[]))";

constexpr auto by_unionid_sql =
  "SELECT p.id FROM person p JOIN wechat_unionid u ON u.openid = p.openid "
  "WHERE u.unionid = :unionid";

constexpr auto note_unionid_sql =
  "INSERT INTO wechat_unionid (openid, unionid) VALUES (:openid, :unionid) "
  "ON CONFLICT (openid) DO UPDATE SET unionid = excluded.unionid";

std::optional<std::string> id_in(const domain::json& row) {
  if (row.is_null())
    return std::nullopt;
  return std::string{domain::text_at(row, "id")};
}

} // namespace

std::optional<std::string> applicant_by_phone(soci::session& sql,
                                              const std::string& phone_hash) {
  return id_in(select_row(sql, by_phone_sql, phone_hash));
}

std::optional<std::string> applicant_by_openid(soci::session& sql,
                                               const std::string& openid) {
  return id_in(select_row(sql, by_openid_sql, openid));
}

std::map<std::string, std::string>
applicants_by_openids(soci::session& sql,
                      const std::vector<std::string>& openids) {
  std::map<std::string, std::string> known;
  if (openids.empty())
    return known;
  for (const auto& row :
       select_rows(sql, by_openids_sql, sql_array_of(openids)))
    known.emplace(domain::text_at(row, "openid"), domain::text_at(row, "id"));
  return known;
}

std::optional<std::string> applicant_by_unionid(soci::session& sql,
                                                const std::string& unionid) {
  return id_in(select_row(sql, by_unionid_sql, unionid));
}

void note_unionid(soci::session& sql, const std::string& openid,
                  const std::string& unionid) {
  run_statement(sql, note_unionid_sql, openid, unionid);
}

} // namespace zhiku::persistence
