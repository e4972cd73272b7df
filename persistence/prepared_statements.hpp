#pragma once
// Statements that one connection runs again and again: the server parses and
// plans each once. Belongs to the connection's thread.

#include "persistence/statement.hpp"

#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

class prepared_statements {
public:
  prepared_statements();
  ~prepared_statements(); ///< must come before the session's

  /// Runs `which`, which gives no rows, with `values` for its parameters in
  /// their order, as many each time. Always with the same session. Throws what
  /// SOCI throws; the statement may be run again.
  void run(soci::session& sql, const statement& which,
           std::vector<std::string> values);

private:
  struct entry;

  std::unordered_map<const statement*, std::unique_ptr<entry>> known_;
};

} // namespace zhiku::persistence
