#pragma once
// What happens to every request before and after its handler: routing, login,
// CSRF, schema, idempotency; security headers, log line, metrics.

#include "http/api.hpp"
#include "http/idempotency.hpp"
#include "http/metrics.hpp"
#include "http/router.hpp"

namespace zhiku::http {

/// Makes the answers of one site alike. Thread-safe.
class front_door {
public:
  /// `sessions` must outlive this.
  front_door(route_table routes, session_store& sessions,
             const api_settings& settings,
             std::shared_ptr<prometheus::Registry> registry);

  void handle(request asked, responder out);

  const route_table& routes() const {
    return router_.routes();
  }

private:
  void authenticate(const call_ptr& asked);
  void authorise(const call_ptr& asked);
  void run(const call_ptr& asked);

  /// Whether no other request of that `Idempotency-Key` is under way here.
  bool enter(call& asked);

  using clock = std::chrono::steady_clock;
  void finish(const request& asked, const route* matched,
              clock::time_point from, response answer, const responder& out);

  const router router_;
  session_store& sessions_;
  const bool secure_;
  const ip_ranges trusted_proxies_;
  const std::string internal_token_;
  const bool internal_is_open_;
  const std::string framed_by_;
  request_metrics metrics_;
  requests_in_progress in_progress_;
};

/// errc::none when the write carries the CSRF secret of its session, compared
/// in constant time; reads and bearer tokens need none. `identity_changed` when
/// it carries that of the session before a switch of identity (edge 57): a tab
/// left open since. Else `csrf_failed`.
domain::errc check_csrf(const call& asked);

} // namespace zhiku::http
