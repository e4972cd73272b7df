#include "http/metrics.hpp"

namespace zhiku::http {

namespace {

constexpr auto unmatched = "unmatched";

const prometheus::Histogram::BucketBoundaries bounds{
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

prometheus::Counter& login_counter(prometheus::Registry& registry,
                                   const std::string& outcome) {
  return prometheus::BuildCounter()
    .Name("zhiku_staff_logins_total")
    .Help("Tries of staff to log in, by outcome")
    .Register(registry)
    .Add({{"outcome", outcome}});
}

} // namespace

request_metrics::request_metrics(std::shared_ptr<prometheus::Registry> registry,
                                 const route_table& routes)
    : registry_(std::move(registry)),
      requests_(prometheus::BuildCounter()
                  .Name("zhiku_http_requests_total")
                  .Help("Requests answered, by operation and status")
                  .Register(*registry_)),
      latency_(prometheus::BuildHistogram()
                 .Name("zhiku_http_request_seconds")
                 .Help("Seconds from a complete request to its answer")
                 .Register(*registry_)) {
  auto add = [this](const std::string& operation) {
    histograms_[operation] = &latency_.Add({{"operation", operation}}, bounds);
  };
  add(unmatched);
  for (const auto& one : routes)
    add(one.id);
}

void request_metrics::count(const std::string& operation, int status,
                            std::chrono::duration<double> took) {
  auto known = histograms_.find(operation);
  if (known == histograms_.end())
    known = histograms_.find(unmatched);
  known->second->Observe(took.count());
  requests_
    .Add({{"operation", known->first}, {"status", std::to_string(status)}})
    .Increment();
}

login_counters::login_counters(prometheus::Registry& registry)
    : succeeded(login_counter(registry, "succeeded")),
      failed(login_counter(registry, "failed")),
      delayed(login_counter(registry, "delayed")) {
  // nop
}

} // namespace zhiku::http
