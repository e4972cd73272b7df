#include "http/route.hpp"

#include "http/schema.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

using domain::errc;

bool holds_one_of(const session& login, const std::vector<std::string>& roles) {
  return std::any_of(roles.begin(), roles.end(), [&](const auto& role) {
    return std::find(login.roles.begin(), login.roles.end(), role)
           != login.roles.end();
  });
}

bool is_enough(access::level who, const std::vector<std::string>& roles,
               const session& login) {
  bool is_person = login.kind == "PERSON";
  switch (who) {
  case access::level::anyone:
  case access::level::internal:
  case access::level::platform:
  case access::level::login:
    return true;
  case access::level::guest:
    return is_person;
  case access::level::person:
    return is_person && !login.applicant_id.empty();
  case access::level::staff:
    return login.kind == "STAFF" && holds_one_of(login, roles);
  }
  return false;
}

} // namespace

errc access::admit(const std::optional<session>& login) const {
  if (!needs_login())
    return errc::none;
  if (!login)
    return errc::not_authenticated;
  return is_enough(who, roles, *login) ? errc::none : errc::forbidden;
}

access staff(std::vector<std::string> roles) {
  return {access::level::staff, std::move(roles)};
}

domain::json path_parameter_schema(std::string_view name) {
  if (name == "id")
    return {{"type", "string"},
            {"format", "uuid"},
            {"minLength", 36},
            {"maxLength", 36}};
  if (name == "n")
    return schema::integer(1, 999);
  if (name == "pool")
    return schema::choice({"BID", "GREEN"});
  return schema::text(256);
}

} // namespace zhiku::http
