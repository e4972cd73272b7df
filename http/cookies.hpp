#pragma once
// The cookies of the site, by name and attributes in one place. Where they are
// secure, their names begin with `__Host-`, so that browsers take them from
// this very host over HTTPS only (RFC 6265bis 4.1.3). Pure.

#include "http/message.hpp"

#include <chrono>

namespace zhiku::http {

namespace cookie {
inline constexpr std::string_view session = "zhiku_session"; ///< opaque token
inline constexpr std::string_view csrf = "zhiku_csrf"; ///< read by the pages
inline constexpr std::string_view browser =
  "zhiku_browser"; ///< binds a visitor
} // namespace cookie

enum class visibility : bool { http_only, pages };

struct cookie_style {
  bool secure = true;
  std::chrono::seconds max_age{0}; ///< 0: until the browser closes
  visibility seen_by = visibility::http_only;
};

/// Adds a SameSite=Lax cookie for the whole site.
void set_cookie(response& answer, std::string_view name, std::string_view value,
                const cookie_style& style);

/// Takes a cookie away.
void drop_cookie(response& answer, std::string_view name, bool secure);

/// The value of the request's cookie, or "".
std::string cookie_of(const request& req, std::string_view name, bool secure);

/// The name as browsers see it.
std::string cookie_name(std::string_view name, bool secure);

} // namespace zhiku::http
