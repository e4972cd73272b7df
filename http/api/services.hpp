#pragma once
// What all handlers share, and the few ways they answer. Internal to http/api.

#include "http/api.hpp"
#include "http/call.hpp"
#include "http/login_throttle.hpp"
#include "http/metrics.hpp"
#include "http/platform_counters.hpp"
#include "http/proof_of_work.hpp"
#include "http/rate_window.hpp"
#include "http/route.hpp"
#include "http/schema.hpp"
#include "http/sms_guard.hpp"
#include "http/source_check.hpp"
#include "http/timer.hpp"

namespace soci {
class session;
}

namespace zhiku::http {

/// Thread-safe; lives as long as the API.
class services {
public:
  explicit services(api_dependencies with);

  const api_dependencies with;
  session_store sessions;
  sms_guard sms_limits;
  proof_of_work sms_work;
  login_throttle staff_logins;
  login_counters staff_login_counts;
  rate_window tickets_by_address;
  rate_window tickets_by_network;
  rate_window reveals_by_staff;
  source_check push_sources;
  platform_counters counters;
  timer deadlines;

  instant now() const {
    return with.gateway.now();
  }

  /// Runs `work`, which may block, off this thread; `busy` when that cannot be.
  void offload(const call_ptr& asked, std::function<void()> work) const;

  /// Answers what `query` reads.
  void
  read(const call_ptr& asked,
       std::function<domain::result<domain::json>(soci::session&)> query) const;

  using next_step = std::function<void(domain::json reply)>;

  /// Carries the order out and goes on with its reply; answers a refusal.
  void execute(const call_ptr& asked, actors::order what, next_step next) const;

  /// Carries the command out as the asker and answers its reply.
  void forward(const call_ptr& asked, std::string stream,
               domain::command what) const;

  /// The order for a command of the asker's.
  actors::order order_of(const call& asked, std::string stream,
                         domain::command what) const;
};

/// The id of one of several commands of a single request; "" stays "".
std::string step_id(const std::string& command_id, std::string_view step);

/// A login by that channel, from the device and network of the request, of
/// nobody yet.
session session_from(const call& asked, std::string kind, std::string channel);

/// The secret that marks the request's browser, or "".
std::string browser_of(const services& s, const request& asked);

/// The session token that the request's browser holds, live or not, or "".
std::string session_token_of(const services& s, const request& asked);

/// Gives the browser a session: the token, and the CSRF secret for the pages.
void set_session_cookies(response& answer, const issued_session& issued,
                         const services& s);

/// The answer to a login: `content` with `csrf_token`, and either cookies or,
/// for REST clients that ask with `"bearer": true`, the token itself.
response login_answer(const call& asked, const issued_session& issued,
                      domain::json content, const services& s);

/// The schema of such an answer.
domain::json login_reply(std::vector<schema::member> members);

/// The secrets by which the login of this request goes on: those of an earlier
/// try when the request is a repeat (`Idempotency-Key`), else new ones.
session_secrets renewal_secrets(const services& s, const call& asked);

/// The member `bearer` of a login's body.
bool wants_bearer(const call& asked);

} // namespace zhiku::http
