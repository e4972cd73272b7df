#pragma once
// A PostgreSQL cluster of a test's own, to be restarted at will.

#include "tests/fault/process.hpp"

namespace zhiku::fault {

class private_cluster {
public:
  /// Makes and starts it, with the tools and the user that ZHIKU_TEST_PGBIN and
  /// ZHIKU_TEST_PGUSER name.
  /// @throws std::runtime_error when that fails
  private_cluster();

  /// Stops it and removes its files.
  ~private_cluster();

  private_cluster(const private_cluster&) = delete;
  private_cluster& operator=(const private_cluster&) = delete;

  std::string dsn() const;

  /// `mode` is pg_ctl's: "fast" ends all transactions and connections,
  /// "immediate" crashes, so that the next start recovers from the log.
  void stop(const std::string& mode);

  /// Returns when connections are taken.
  void start();

private:
  void run_tool(const std::string& tool, std::vector<std::string> arguments);
  void write_settings() const;

  std::string home_;
};

} // namespace zhiku::fault
