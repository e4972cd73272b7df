#pragma once
// The yardstick: PostgreSQL's own pgbench, committing each event row by itself.

#include <string>

namespace zhiku::bench {

class pgbench {
public:
  /// @throws cannot_measure when the program is not found. It is looked for in
  /// ZHIKU_TEST_PGBIN, then where Debian puts it.
  explicit pgbench(std::string dsn);
  ~pgbench();

  pgbench(const pgbench&) = delete;
  pgbench& operator=(const pgbench&) = delete;

  /// Commits a second with so many clients, prepared statements, one INSERT a
  /// transaction.
  /// @throws cannot_measure when it fails
  double appends_per_second(int clients, int seconds);

private:
  std::string program_;
  std::string dsn_;
  std::string script_;
  int turns_ = 0;
};

} // namespace zhiku::bench
