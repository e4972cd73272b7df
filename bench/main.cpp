#include "base/log.hpp"
#include "bench/measurements.hpp"

#include <csignal>

#include <CLI/CLI.hpp>

namespace {

using zhiku::bench::options;

bool measure_journal(const options& how) {
  auto appends = zhiku::bench::measure_appends(how);
  auto deadlines = zhiku::bench::measure_deadlines(how);
  auto memory = zhiku::bench::measure_memory(how);
  return appends && deadlines && memory;
}

} // namespace

int main(int argc, char** argv) {
  options how;
  CLI::App app{"Measures Zhiku in a fresh database of the cluster that "
               "ZHIKU_TEST_DSN names. JSON lines on standard output."};
  int turn_seconds = 3;
  app.add_option("--turns", how.turns, "turns of each that alternates")
    ->check(CLI::Range(1, 100));
  app.add_option("--turn-seconds", turn_seconds, "length of a turn")
    ->check(CLI::Range(1, 600));
  app.add_option("--attempts", how.attempts, "for the memory of an attempt")
    ->check(CLI::Range(1, 1'000'000));
  app.add_option("--deadlines", how.deadlines, "that fall on one instant")
    ->check(CLI::Range(1, 1'000'000));
  app.add_option("--idle", how.idle_connections, "idle connections")
    ->check(CLI::Range(1, 15'000));
  app.add_option("--connections", how.connections, "busy connections")
    ->check(CLI::Range(1, 10'000));
  app.require_subcommand(1)->fallthrough();
  auto* journal =
    app.add_subcommand("journal", "appends against pgbench, deadlines, memory");
  auto* http = app.add_subcommand("http", "answer saves, idle connections");
  auto* callback =
    app.add_subcommand("callback", "encrypted pushes of the platform");
  auto* all = app.add_subcommand("all", "everything");
  CLI11_PARSE(app, argc, argv);

  how.turn = std::chrono::seconds{turn_seconds};
  std::signal(SIGPIPE, SIG_IGN);
  zhiku::log::set_level(zhiku::log::level::error);
  auto measured = true;
  if (*journal || *all)
    measured = measure_journal(how) && measured;
  if (*http || *all)
    measured = zhiku::bench::measure_http(how) && measured;
  if (*callback || *all)
    measured = zhiku::bench::measure_callback(how) && measured;
  return measured ? 0 : 1;
}
