#include "actors/metrics.hpp"

namespace zhiku::actors {

namespace {

prometheus::Gauge& gauge(prometheus::Registry& registry, const char* name,
                         const char* help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(registry).Add(
    {});
}

prometheus::Counter& counter(prometheus::Registry& registry, const char* name,
                             const char* help) {
  return prometheus::BuildCounter()
    .Name(name)
    .Help(help)
    .Register(registry)
    .Add({});
}

prometheus::Histogram& histogram(prometheus::Registry& registry,
                                 const char* name, const char* help,
                                 prometheus::Histogram::BucketBoundaries at) {
  return prometheus::BuildHistogram()
    .Name(name)
    .Help(help)
    .Register(registry)
    .Add({}, std::move(at));
}

} // namespace

metrics::metrics(std::shared_ptr<prometheus::Registry> shared)
    : registry(std::move(shared)),
      resident(
        gauge(*registry, "zhiku_entities_resident", "Entities held in memory")),
      in_flight(gauge(*registry, "zhiku_orders_in_flight",
                      "Orders from the front door under way")),
      writer_waiting(gauge(*registry, "zhiku_journal_waiting",
                           "Appends handed to a writer and not yet committed")),
      batch_size(histogram(*registry, "zhiku_journal_batch_appends",
                           "Appends in one transaction",
                           {1, 2, 4, 8, 16, 32, 64, 128, 256, 512})),
      commit_seconds(histogram(
        *registry, "zhiku_journal_commit_seconds", "Time of one transaction",
        {.0005, .001, .002, .005, .01, .02, .05, .1, .5, 1, 5})),
      events(
        counter(*registry, "zhiku_journal_events_total", "Events committed")),
      conflicts(counter(*registry, "zhiku_journal_conflicts_total",
                        "Appends refused by the version fence")),
      lateness(histogram(*registry, "zhiku_effect_lateness_seconds",
                         "From an effect's due instant to its delivery",
                         {.01, .05, .1, .25, .5, 1, 2, 5, 30, 300, 3600})),
      delivered(counter(*registry, "zhiku_effects_delivered_total",
                        "Effects delivered")),
      retried(counter(*registry, "zhiku_effects_retried_total",
                      "Deliveries that failed and will be tried again")),
      parked(counter(*registry, "zhiku_effects_parked_total",
                     "Effects given up and shown to staff")),
      overdue(
        gauge(*registry, "zhiku_effects_overdue",
              "Pending effects more than five seconds past their instant")),
      stuck(gauge(*registry, "zhiku_entities_stuck",
                  "Open entities that nobody and nothing will move")),
      set_aside(gauge(*registry, "zhiku_entities_set_aside",
                      "Entities in quarantine after repeated failures")),
      clock_offset(gauge(*registry, "zhiku_clock_offset_seconds",
                         "Database time minus machine time")),
      token_fetches(counter(*registry, "zhiku_platform_token_fetches_total",
                            "Tokens asked of the platform")),
      token_takeovers(
        counter(*registry, "zhiku_platform_token_takeovers_total",
                "Tokens that another system replaced before their time")),
      tokens_refused(gauge(*registry, "zhiku_platform_token_refused",
                           "Whether the platform refuses the token it gives")),
      upkeep_failures(counter(*registry, "zhiku_upkeep_failures_total",
                              "Chores for the account that did not get done")),
      followers_repaired(
        counter(*registry, "zhiku_followers_repaired_total",
                "Followers whose coming or going had been missed")) {
  // nop
}

} // namespace zhiku::actors
