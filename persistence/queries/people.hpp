#pragma once
// Who a phone or an openid belongs to. Functions throw what SOCI throws.

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

/// The applicant id; `phone_hash` is the vault's look-up hash.
std::optional<std::string> applicant_by_phone(soci::session& sql,
                                              const std::string& phone_hash);

std::optional<std::string> applicant_by_openid(soci::session& sql,
                                               const std::string& openid);

/// The same for many: by openid, those who are known.
std::map<std::string, std::string>
applicants_by_openids(soci::session& sql,
                      const std::vector<std::string>& openids);

/// The applicant whose openid came with that unionid.
std::optional<std::string> applicant_by_unionid(soci::session& sql,
                                                const std::string& unionid);

/// Keeps which unionid an openid of our account has.
void note_unionid(soci::session& sql, const std::string& openid,
                  const std::string& unionid);

} // namespace zhiku::persistence
