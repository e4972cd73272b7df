#pragma once
// The runtime's figures for /metrics. Thread-safe, as prometheus-cpp is.

#include <memory>

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

namespace zhiku::actors {

struct metrics {
  explicit metrics(std::shared_ptr<prometheus::Registry> registry);

  std::shared_ptr<prometheus::Registry> registry;
  prometheus::Gauge& resident;       ///< entities in memory
  prometheus::Gauge& in_flight;      ///< orders from outside under way
  prometheus::Gauge& writer_waiting; ///< appends not yet committed
  prometheus::Histogram& batch_size; ///< appends in a transaction
  prometheus::Histogram& commit_seconds;
  prometheus::Counter& events;
  prometheus::Counter& conflicts;  ///< version fence hits
  prometheus::Histogram& lateness; ///< seconds from due to delivery
  prometheus::Counter& delivered;
  prometheus::Counter& retried;
  prometheus::Counter& parked;
  prometheus::Gauge& overdue;           ///< pending effects past their instant
  prometheus::Gauge& stuck;             ///< the watchdog's finds
  prometheus::Gauge& set_aside;         ///< entities in quarantine
  prometheus::Gauge& clock_offset;      ///< seconds, database minus machine
  prometheus::Counter& token_fetches;   ///< platform tokens asked for
  prometheus::Counter& token_takeovers; ///< … replaced by another system
  prometheus::Gauge& tokens_refused;    ///< held, refused, and given again
  prometheus::Counter& upkeep_failures;
  prometheus::Counter& followers_repaired; ///< their pushes had been missed
};

} // namespace zhiku::actors
