#include "http/security_headers.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

void set_default(response& answer, std::string_view name, std::string value) {
  auto given = std::any_of(
    answer.headers.begin(), answer.headers.end(),
    [&](const auto& known) { return equal_ignoring_case(known.first, name); });
  if (!given)
    answer.set_header(name, std::move(value));
}

} // namespace

void add_security_headers(response& answer, bool secure) {
  set_default(answer, "X-Content-Type-Options", "nosniff");
  set_default(answer, "Referrer-Policy", "no-referrer");
  set_default(answer, "X-Frame-Options", "DENY");
  set_default(answer, "Content-Security-Policy",
              "default-src 'none'; frame-ancestors 'none'");
  set_default(answer, "Cross-Origin-Opener-Policy", "same-origin");
  set_default(answer, "Cross-Origin-Resource-Policy", "same-origin");
  // Edge 89: nothing personal stays in a shared browser.
  set_default(answer, "Cache-Control", "no-store");
  if (secure)
    set_default(answer, "Strict-Transport-Security",
                "max-age=31536000; includeSubDomains");
}

} // namespace zhiku::http
