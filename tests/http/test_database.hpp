#pragma once
// A fresh, migrated database for one test program, gone when it ends. The
// cluster is named by ZHIKU_TEST_DSN in libpq's "key=value" form.

#include "persistence/database.hpp"
#include "persistence/migrations.hpp"

#include <cstdlib>
#include <stdexcept>

#include <soci/soci.h>
#include <unistd.h>

namespace zhiku::http::test {

class test_database {
public:
  test_database() : name_("zhiku_http_" + std::to_string(::getpid())) {
    run_in_cluster("CREATE DATABASE " + name_);
    persistence::database fresh{dsn()};
    if (auto done = persistence::migrate(fresh); !done)
      throw std::runtime_error("cannot migrate: " + done.error().detail);
  }

  ~test_database() {
    run_in_cluster("DROP DATABASE " + name_ + " WITH (FORCE)");
  }

  std::string dsn() const {
    return cluster() + " dbname=" + name_;
  }

private:
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

} // namespace zhiku::http::test
