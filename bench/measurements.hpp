#pragma once
// The measurements by name. Each prints its lines and gives false when
// something could not be measured; none judges its figures.

#include <chrono>
#include <cstddef>

namespace zhiku::bench {

struct options {
  int turns = 3; ///< of each of two that alternate; the median counts
  std::chrono::seconds turn{3};
  std::size_t attempts = 20'000;  ///< resident for the memory figure
  std::size_t deadlines = 10'000; ///< at one instant
  std::size_t idle_connections = 10'000;
  std::size_t connections = 256; ///< that ask, one request under way on each
};

/// Appends a second against pgbench.
bool measure_appends(const options& how);

/// Seconds from the instant many deadlines fall on to the last commit.
bool measure_deadlines(const options& how);

/// Memory of one running attempt.
bool measure_memory(const options& how);

/// Answer saves over HTTP, and what idle connections cost them.
bool measure_http(const options& how);

/// Encrypted pushes of the platform against a trivial GET.
bool measure_callback(const options& how);

} // namespace zhiku::bench
