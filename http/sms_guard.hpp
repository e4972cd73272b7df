#pragma once
// How many SMS codes may be asked for from where (RULES 2.1). What one phone
// may get is decided by `phone_proof`; this knows addresses. Counts are this
// node's.

#include "domain/errc.hpp"
#include "domain/settings.hpp"
#include "http/log_limiter.hpp"
#include "http/rate_window.hpp"

#include <memory>
#include <string>

#include <prometheus/registry.h>

namespace zhiku::http {

/// Thread-safe.
class sms_guard {
public:
  /// Registers zhiku_sms_codes_refused_total{limit}.
  sms_guard(const domain::policy& rules, prometheus::Registry& registry);

  /// Counts one more request; errc::none when it may be sent. `work_required`
  /// when the address or network has had its share and no work was done for
  /// this one, `rate_limited` when not even that helps. Raises an alarm, once
  /// an hour, when all of them together are too many.
  domain::errc admit(const std::string& address, bool worked,
                     domain::instant now);

  /// Counts a code that is on its way. Requests that a phone's own limits
  /// refuse use up nothing of the node's.
  void sent(domain::instant now);

private:
  domain::errc refuse(prometheus::Counter& which, domain::errc why);

  rate_window by_address_;
  rate_window by_network_;
  rate_window by_address_worked_;
  rate_window by_network_worked_;
  rate_window all_;
  log_limiter alarms_;
  prometheus::Counter& by_address_count_;
  prometheus::Counter& by_network_count_;
  prometheus::Counter& all_count_;
};

} // namespace zhiku::http
