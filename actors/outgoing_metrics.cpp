#include "actors/outgoing_metrics.hpp"

#include <string>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

namespace zhiku::actors {

using outgoing::errc;

namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name,
                         const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(
    {});
}

/// One for each reason, so that rates are known before the first failure.
std::vector<prometheus::Counter*> failures_in(prometheus::Registry& registry) {
  auto& family = prometheus::BuildCounter()
                   .Name("zhiku_outgoing_failures_total")
                   .Help("Calls to the platform and the carriers without an"
                         " answer, by reason")
                   .Register(registry);
  std::vector<prometheus::Counter*> all;
  for (int i = 0; i <= static_cast<int>(errc::malformed); ++i)
    all.push_back(
      &family.Add({{"reason", std::string{name_of(static_cast<errc>(i))}}}));
  return all;
}

void add(prometheus::Gauge& to, int change) {
  if (change < 0)
    to.Decrement(-change);
  else
    to.Increment(change);
}

} // namespace

outgoing_metrics::outgoing_metrics(
  std::shared_ptr<prometheus::Registry> registry)
    : registry_(std::move(registry)),
      under_way_(gauge(*registry_, "zhiku_outgoing_calls",
                       "Calls to the platform and the carriers accepted and"
                       " not yet answered")),
      on_wire_(gauge(*registry_, "zhiku_outgoing_calls_on_wire",
                     "Of these, those that do not wait for their turn")),
      failures_(failures_in(*registry_)) {
  // nop
}

void outgoing_metrics::under_way(int change) {
  add(under_way_, change);
}

void outgoing_metrics::on_wire(int change) {
  add(on_wire_, change);
}

void outgoing_metrics::failed(errc why) {
  failures_[static_cast<std::size_t>(why)]->Increment();
}

} // namespace zhiku::actors
