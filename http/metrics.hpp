#pragma once
// What the front door counts: requests and their latency by route pattern,
// never by path. Thread-safe.

#include "http/route.hpp"

#include <chrono>
#include <unordered_map>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace zhiku::http {

class request_metrics {
public:
  /// Registers zhiku_http_requests_total{operation,status} and
  /// zhiku_http_request_seconds{operation} for all of `routes`.
  request_metrics(std::shared_ptr<prometheus::Registry> registry,
                  const route_table& routes);

  /// @param operation  a route's id; others count as "unmatched"
  void count(const std::string& operation, int status,
             std::chrono::duration<double> took);

private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Family<prometheus::Counter>& requests_;
  prometheus::Family<prometheus::Histogram>& latency_;
  std::unordered_map<std::string, prometheus::Histogram*> histograms_;
};

/// zhiku_staff_logins_total{outcome}.
struct login_counters {
  explicit login_counters(prometheus::Registry& registry);

  prometheus::Counter& succeeded;
  prometheus::Counter& failed;
  prometheus::Counter& delayed; ///< turned away before the password was read
};

} // namespace zhiku::http
