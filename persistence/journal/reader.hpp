#pragma once
// The journal's reader: entities by their streams. Internal to persistence;
// all throws what SOCI throws.

#include "persistence/store.hpp"
#include "persistence/vault.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace soci {
class session;
}

namespace zhiku::persistence {

class journal_reader {
public:
  journal_reader(soci::session& sql, vault& keys) : sql_(sql), vault_(keys) {
    // nop
  }

  /// In the order of `streams`, each of which is named once.
  std::vector<loaded> load(const std::vector<std::string>& streams);

  /// `idempotency_key_reused` when the id stands for another request.
  result<std::optional<kept_outcome>>
  find_outcome(const repeated_command& which);

  bool holds(const std::string& stream, std::int32_t version,
             const std::string& chain);

private:
  void read_snapshots(const std::string& names);
  void read_events(const std::string& names);
  void read_quarantine(const std::string& names);

  soci::session& sql_;
  vault& vault_;
  std::vector<loaded> all_;
  std::map<std::string, std::size_t> places_;
};

} // namespace zhiku::persistence
