#pragma once
// Rows of the projections, gathered over a batch and written whole, table by
// table, one statement each. The latest row of a key wins within a batch.

#include "domain/entity.hpp"
#include "persistence/prepared_statements.hpp"
#include "persistence/vault.hpp"

#include <map>
#include <string>

namespace soci {
class session;
}

namespace zhiku::persistence {

class projection_batch {
public:
  /// `keys` hashes the rows' look-up values; it must outlive this.
  explicit projection_batch(const vault& keys) : keys_(keys) {
    // nop
  }

  /// Adds a row whose personal data is already sealed ("" for none).
  /// @throws std::invalid_argument for a table or column no list is read from.
  void add(const domain::row& row, const std::string& sealed);

  bool empty() const {
    return tables_.empty();
  }

  void write(soci::session& sql, prepared_statements& statements);

private:
  const vault& keys_;
  std::map<std::string, std::map<std::string, domain::json>> tables_;
};

} // namespace zhiku::persistence
