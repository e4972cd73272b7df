#pragma once
// The outbox: effects that are due, and how they ended. Internal to
// persistence; all throws what SOCI throws.

#include "persistence/prepared_statements.hpp"
#include "persistence/store.hpp"
#include "persistence/vault.hpp"

#include <optional>
#include <string>
#include <vector>

namespace soci {
class row;
class session;
} // namespace soci

namespace zhiku::persistence {

class outbox {
public:
  outbox(soci::session& sql, vault& keys) : sql_(sql), vault_(keys) {
    // nop
  }

  std::vector<due_effect> claim(lane which, instant now, instant lease_end,
                                std::size_t limit);

  std::optional<instant> next_due(lane which);

private:
  due_effect read(const soci::row& row);

  soci::session& sql_;
  vault& vault_;
};

/// The parameters of `effect.settle`, in the order of the effects' ids, in
/// which receipts lock the same effects too.
std::vector<std::string> settlement_values(std::vector<settlement> all);

} // namespace zhiku::persistence
