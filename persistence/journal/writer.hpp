#pragma once
// The journal's writer: one batch of appends, gathered column by column and
// written table by table. Internal to persistence.

#include "persistence/journal/columns.hpp"
#include "persistence/prepared_statements.hpp"
#include "persistence/projections.hpp"
#include "persistence/vault.hpp"

#include <iterator>

namespace soci {
class session;
}

namespace zhiku::persistence {

/// Whether committing `what` seals anything under its subject's key.
bool holds_personal_data(const append& what);

/// One batch. Used once, on the connection's thread; all throws what SOCI
/// throws.
class journal_writer {
public:
  journal_writer(soci::session& sql, prepared_statements& statements,
                 vault& keys);

  /// Adds all that `what` writes. The answer holds the new version and chain.
  appended add(const append& what);

  /// Whether one statement carries all: then no transaction block is needed.
  bool only_events() const;

  void write();

private:
  std::string seal(const std::string& subject, const json& clear);
  void add_event(const append& what, const domain::event& ev, appended& answer);
  void add_effect(const append& what, const identified_effect& ef,
                  std::int32_t version);
  void add_snapshot(const append& what, const appended& answer);

  soci::session& sql_;
  prepared_statements& statements_;
  vault& vault_;
  projection_batch projections_;
  column_batch<event_row, std::size(event_columns)> events_{event_columns};
  column_batch<command_row, std::size(command_columns)> commands_{
    command_columns};
  column_batch<effect_row, std::size(effect_columns)> effects_{effect_columns};
  column_batch<append, std::size(delivered_columns)> delivered_{
    delivered_columns};
  column_batch<standing_row, std::size(standing_columns)> standings_{
    standing_columns};
  column_batch<snapshot_row, std::size(snapshot_columns)> snapshots_{
    snapshot_columns};
};

} // namespace zhiku::persistence
