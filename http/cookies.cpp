#include "http/cookies.hpp"

namespace zhiku::http {

namespace {

std::string attributes(bool secure, visibility seen_by) {
  std::string text = "; Path=/; SameSite=Lax";
  if (secure)
    text += "; Secure";
  if (seen_by == visibility::http_only)
    text += "; HttpOnly";
  return text;
}

} // namespace

void set_cookie(response& answer, std::string_view name, std::string_view value,
                const cookie_style& style) {
  auto text = cookie_name(name, style.secure) + "=" + std::string{value};
  if (style.max_age.count() > 0)
    text += "; Max-Age=" + std::to_string(style.max_age.count());
  answer.add_header("Set-Cookie",
                    text + attributes(style.secure, style.seen_by));
}

void drop_cookie(response& answer, std::string_view name, bool secure) {
  answer.add_header("Set-Cookie",
                    cookie_name(name, secure) + "=; Max-Age=0"
                      + attributes(secure, visibility::http_only));
}

std::string cookie_of(const request& req, std::string_view name, bool secure) {
  return std::string{req.cookie(cookie_name(name, secure)).value_or("")};
}

std::string cookie_name(std::string_view name, bool secure) {
  return (secure ? "__Host-" : "") + std::string{name};
}

} // namespace zhiku::http
