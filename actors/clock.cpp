#include "actors/clock.hpp"

namespace zhiku::actors {

namespace {

domain::instant machine_time() {
  using namespace std::chrono;
  return floor<microseconds>(system_clock::now());
}

} // namespace

domain::instant database_clock::now() const {
  auto current = machine_time().time_since_epoch().count() + offset_.load();
  auto latest = latest_.load();
  while (current > latest && !latest_.compare_exchange_weak(latest, current)) {
    // another thread moved it: compare with its value
  }
  return domain::instant{domain::microseconds{std::max(current, latest)}};
}

void database_clock::measure(
  const std::function<domain::result<domain::instant>()>& ask) {
  auto before = machine_time();
  auto there = ask();
  auto after = machine_time();
  if (there)
    offset_ = (*there - (before + (after - before) / 2)).count();
}

domain::microseconds database_clock::offset() const {
  return domain::microseconds{offset_.load()};
}

} // namespace zhiku::actors
