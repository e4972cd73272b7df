#include "actors/outgoing_metrics.hpp"

#include <gtest/gtest.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace zhiku::actors {

TEST(outgoing_metrics, tell_of_calls_and_failures) {
  auto registry = std::make_shared<prometheus::Registry>();
  outgoing_metrics seen{registry};
  seen.under_way(1);
  seen.under_way(1);
  seen.on_wire(1);
  seen.under_way(-1);
  seen.failed(outgoing::errc::busy);
  auto text = prometheus::TextSerializer{}.Serialize(registry->Collect());
  for (const auto* line :
       {"zhiku_outgoing_calls 1\n", "zhiku_outgoing_calls_on_wire 1\n",
        "zhiku_outgoing_failures_total{reason=\"busy\"} 1\n",
        "zhiku_outgoing_failures_total{reason=\"timed_out\"} 0\n"})
    EXPECT_NE(text.find(line), std::string::npos) << text;
}

} // namespace zhiku::actors
