// Resident memory of one running attempt with its paper.

#include "bench/measurements.hpp"
#include "bench/process.hpp"
#include "bench/report.hpp"
#include "bench/roll_call.hpp"
#include "bench/sittings.hpp"
#include "tests/support/test_database.hpp"

#include <prometheus/registry.h>

namespace zhiku::bench {

namespace {

// Enough for connections, buffers and code to have their lasting size.
constexpr std::size_t warm_up = 2'000;

void measure(const std::string& dsn, std::size_t count) {
  auto far = machine_time() + std::chrono::hours{1};
  if (!run_apart("seeding", [&] { seed_sittings(dsn, warm_up + count, far); }))
    throw cannot_measure("no attempts");
  auto how = settings_for(dsn);
  how.max_resident = warm_up + count;
  auto& system = start_runtime(how, std::make_shared<prometheus::Registry>());
  roll_call(system, 0, warm_up);
  auto before = resident_bytes();
  roll_call(system, warm_up, warm_up + count);
  auto grown = static_cast<double>(resident_bytes() - before);
  report("rss_per_attempt_bytes", grown / static_cast<double>(count), "B",
         {{"attempts", count},
          {"questions", paper_length},
          {"goal", "<= 8192 at 100000"}});
}

} // namespace

bool measure_memory(const options& how) {
  progress("memory of " + std::to_string(how.attempts) + " running attempts");
  test::test_database database;
  return run_apart("memory", [&] { measure(database.dsn(), how.attempts); });
}

} // namespace zhiku::bench
