#include "persistence/journal/statements.hpp"

#include "persistence/journal/columns.hpp"

namespace zhiku::persistence::journal_sql {

const statement insert_events{"event.insert",
                              insert_of("event", event_columns)};

const statement insert_commands{"command.insert",
                                insert_of("command", command_columns)};

const statement insert_effects{
  "effect.insert",
  insert_of("effect", effect_columns, " ON CONFLICT (id) DO NOTHING")};

// A delivered effect is done in the very transaction that acts on it, and its
// personal data goes with it.
const statement mark_delivered{
  "effect.mark_delivered",
  "UPDATE effect SET state = 'DONE', sealed = NULL,"
  " done_at = to_timestamp(0) + u.at * interval '1 microsecond' FROM "
    + unnested(delivered_columns) + " WHERE effect.id = u.id"};

const statement upsert_standings{
  "stream.upsert",
  insert_of("stream", standing_columns,
            " ON CONFLICT (id) DO UPDATE SET version = EXCLUDED.version,"
            " state = EXCLUDED.state, final = EXCLUDED.final,"
            " waits_for = EXCLUDED.waits_for,"
            " changed_at = EXCLUDED.changed_at")};

const statement upsert_snapshots{
  "snapshot.upsert",
  insert_of("snapshot", snapshot_columns,
            " ON CONFLICT (stream) DO UPDATE SET version = EXCLUDED.version,"
            " chain = EXCLUDED.chain, state = EXCLUDED.state,"
            " sealed = EXCLUDED.sealed, subject = EXCLUDED.subject"
            " WHERE snapshot.version < EXCLUDED.version")};

const statement set_aside{
  "stream.quarantine",
  "INSERT INTO stream (id, version, state, final, waits_for,"
  " changed_at, quarantined_at, failure)"
  " VALUES (:stream, 0, 'UNKNOWN', false, 'OPERATOR',"
  " CAST(:changed AS timestamptz), CAST(:at AS timestamptz), :failure)"
  " ON CONFLICT (id) DO UPDATE SET quarantined_at = EXCLUDED.quarantined_at,"
  " failure = EXCLUDED.failure"};

const statement load_snapshots{
  "snapshot.load",
  "SELECT stream, version, encode(chain, 'hex'), CAST(state AS text), sealed,"
  " subject FROM snapshot WHERE stream = ANY(CAST(:streams AS text[]))"};

const statement load_events{
  "event.load",
  "SELECT e.stream, e.version,"
  " CAST(extract(epoch FROM e.at) * 1000000 AS bigint),"
  " CAST(e.actor AS text), e.type, CAST(e.schema AS int),"
  " CAST(e.data AS text), e.sealed, encode(e.chain, 'hex'), e.subject"
  " FROM event e LEFT JOIN snapshot s ON s.stream = e.stream"
  " WHERE e.stream = ANY(CAST(:streams AS text[]))"
  " AND e.version > coalesce(s.version, 0) ORDER BY e.stream, e.version"};

const statement load_quarantined{
  "stream.load_quarantined",
  "SELECT id FROM stream WHERE id = ANY(CAST(:streams AS text[]))"
  " AND quarantined_at IS NOT NULL"};

const statement find_outcome{
  "command.find_outcome",
  "SELECT stream, request, CAST(reply AS text), CAST(refused AS text)"
  " FROM command WHERE id = :id"};

const statement holds_event{
  "event.holds",
  "SELECT count(*) FROM event WHERE stream = :stream AND version = :version"
  " AND chain = decode(:chain, 'hex')"};

const statement claim_effects{
  "effect.claim",
  "UPDATE effect SET attempts = attempts + 1,"
  " next_at = CAST(:lease_end AS timestamptz) WHERE id IN ("
  " SELECT id FROM effect WHERE state = 'PENDING' AND lane = :lane"
  " AND next_at <= CAST(:now AS timestamptz) ORDER BY next_at LIMIT :limit"
  " FOR UPDATE SKIP LOCKED)"
  " RETURNING id, stream, kind, target, type, CAST(payload AS text), sealed,"
  " subject, CAST(extract(epoch FROM due_at) * 1000000 AS bigint), attempts"};

const statement settle_effects{
  "effect.settle",
  "UPDATE effect SET state = w.state, failure = w.failure,"
  " next_at = CASE WHEN w.state = 'PENDING' AND next_at > w.at THEN w.due"
  " ELSE next_at END,"
  " done_at = CASE WHEN w.state = 'DONE' THEN w.due END,"
  " sealed = CASE WHEN w.state = 'DONE' THEN NULL ELSE sealed END"
  " FROM (SELECT u.id, u.state, u.failure,"
  " to_timestamp(0) + u.due * interval '1 microsecond' AS due,"
  " to_timestamp(0) + u.at * interval '1 microsecond' AS at FROM "
    + unnested(settlement_columns)
    + ") AS w WHERE effect.id = w.id AND effect.state = 'PENDING'"};

const statement next_due{
  "effect.next_due",
  "SELECT CAST(extract(epoch FROM min(next_at)) * 1000000 AS bigint)"
  " FROM effect WHERE state = 'PENDING' AND lane = :lane"};

} // namespace zhiku::persistence::journal_sql
