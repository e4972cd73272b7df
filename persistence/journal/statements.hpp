#pragma once
// The statements of the journal: of its writer, its reader and its outbox.
// Internal to persistence/journal.

#include "persistence/statement.hpp"

namespace zhiku::persistence::journal_sql {

// writer
extern const statement insert_events;
extern const statement insert_commands;
extern const statement insert_effects;
extern const statement mark_delivered;
extern const statement upsert_standings;
extern const statement upsert_snapshots;
extern const statement set_aside;

// reader
extern const statement load_snapshots;
extern const statement load_events;
extern const statement load_quarantined;
extern const statement find_outcome;
extern const statement holds_event;

// outbox
extern const statement claim_effects;
extern const statement settle_effects;
extern const statement next_due;

} // namespace zhiku::persistence::journal_sql
