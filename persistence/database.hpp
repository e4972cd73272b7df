#pragma once
// Connections to PostgreSQL. One `database` owns one connection and belongs to
// one thread; `pool` lends them.

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "persistence/prepared_statements.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

/// How a statement failed, from its SQLSTATE.
struct database_error {
  domain::errc code;   ///< unavailable, version_conflict, duplicate_command,
                       ///< phone_in_use, openid_in_use, … or internal
  std::string message; ///< for the log; never holds parameters
};

/// Turns whatever SOCI threw into a value. Call inside a catch block.
database_error current_database_error();

/// One connection, made on first use and made again after it broke.
class database {
public:
  explicit database(std::string dsn);
  ~database();
  database(database&&) noexcept;
  database& operator=(database&&) noexcept;

  /// Runs `work` in a transaction and commits it; rolls back when it throws.
  /// A broken connection gives `unavailable`, since the outcome of a commit may
  /// be unknown, and the next call connects anew.
  domain::result<domain::nothing>
  transaction(const std::function<void(soci::session&)>& work);

  /// The same without a transaction block: single statements, LISTEN.
  domain::result<domain::nothing>
  run(const std::function<void(soci::session&)>& work);

  /// The database's clock.
  domain::result<domain::instant> clock();

  /// What the connection has prepared. Call it inside `work` only: a new
  /// connection begins with none.
  prepared_statements& prepared();

  void disconnect();

private:
  struct connection;

  soci::session& connected();

  std::string dsn_;
  std::unique_ptr<connection> connection_;
};

/// A few connections for readers on several threads. Thread-safe.
class pool {
public:
  pool(std::string dsn, std::size_t size);
  ~pool();

  /// Lends a connection for the length of `work`; waits for a free one.
  domain::result<domain::nothing>
  run(const std::function<void(soci::session&)>& work);

  domain::result<domain::nothing>
  transaction(const std::function<void(soci::session&)>& work);

private:
  std::unique_ptr<database> take();
  void give_back(std::unique_ptr<database> db);

  std::mutex mutex_;
  std::condition_variable freed_;
  std::vector<std::unique_ptr<database>> idle_;
};

/// "2026-11-23 08:00:00.123456+00" for a bound parameter cast to timestamptz.
std::string to_sql(domain::instant at);

/// Reads what `to_char`-free `timestamptz::text` in UTC sessions gives.
domain::instant instant_of_sql(const std::string& text);

} // namespace zhiku::persistence
