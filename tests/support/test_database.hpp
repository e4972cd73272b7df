#pragma once
// A fresh, migrated database, gone with its object. The cluster is named by
// ZHIKU_TEST_DSN in libpq's "key=value" form; without it the test fails.

#include "persistence/database.hpp"
#include "persistence/migrations.hpp"

#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <soci/soci.h>
#include <unistd.h>

namespace zhiku::test {

class test_database {
public:
  enum class schema { migrated, empty };

  explicit test_database(schema how = schema::migrated) : name_(new_name()) {
    run_in_cluster("CREATE DATABASE " + name_);
    persistence::database fresh{dsn()};
    if (how == schema::empty)
      return;
    if (auto done = persistence::migrate(fresh); !done)
      throw std::runtime_error("cannot migrate: " + done.error().detail);
  }

  ~test_database() {
    run_in_cluster("DROP DATABASE " + name_ + " WITH (FORCE)");
  }

  test_database(const test_database&) = delete;
  test_database& operator=(const test_database&) = delete;

  std::string dsn() const {
    return cluster() + " dbname=" + name_;
  }

private:
  static std::string new_name() {
    static std::atomic<int> count{0};
    return "zhiku_test_" + std::to_string(::getpid()) + "_"
           + std::to_string(++count);
  }

  static std::string cluster() {
    const char* dsn = std::getenv("ZHIKU_TEST_DSN");
    if (dsn == nullptr)
      throw std::runtime_error("ZHIKU_TEST_DSN names no cluster");
    return dsn;
  }

  static void run_in_cluster(const std::string& statement) {
    persistence::database db{cluster()};
    auto done = db.run([&](soci::session& sql) { sql << statement; });
    if (!done)
      throw std::runtime_error("cannot run: " + statement);
  }

  std::string name_;
};

} // namespace zhiku::test
