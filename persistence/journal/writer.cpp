#include "persistence/journal/writer.hpp"

#include "domain/refusal_codec.hpp"
#include "persistence/journal/request_hash.hpp"

#include "base/encoding.hpp"
#include "persistence/journal/chain.hpp"
#include "persistence/journal/statements.hpp"

#include <algorithm>

#include <soci/soci.h>

namespace zhiku::persistence {

bool holds_personal_data(const append& what) {
  auto any = [](const auto& list, auto has) {
    return std::any_of(list.begin(), list.end(), has);
  };
  if (what.subject.empty())
    return false;
  return (what.snapshot && !what.snapshot->pii.empty())
         || any(what.events, [](auto& ev) { return !ev.pii.empty(); })
         || any(what.effects, [](auto& ef) { return !ef.what.pii.empty(); })
         || any(what.rows, [](auto& row) { return !row.pii.empty(); });
}

journal_writer::journal_writer(soci::session& sql,
                               prepared_statements& statements, vault& keys)
    : sql_(sql), statements_(statements), vault_(keys), projections_(keys) {
  // nop
}

appended journal_writer::add(const append& what) {
  appended answer;
  answer.version = what.expected_version;
  answer.chain = what.previous_chain;
  for (const auto& ev : what.events)
    add_event(what, ev, answer);
  for (const auto& ef : what.effects)
    add_effect(what, ef, answer.version);
  if (!what.command_id.empty() && !what.events.empty())
    commands_.add(
      {what, answer.version, request_hash(vault_, what.request),
       what.refused ? domain::to_json(*what.refused).dump() : std::string{}});
  if (!what.effect_id.empty())
    delivered_.add(what);
  for (const auto& row : what.rows)
    projections_.add(row, seal(what.subject, row.pii));
  if (what.now_stands)
    standings_.add({what, answer.version});
  if (what.snapshot)
    add_snapshot(what, answer);
  return answer;
}

bool journal_writer::only_events() const {
  return effects_.empty() && commands_.empty() && delivered_.empty()
         && standings_.empty() && snapshots_.empty() && projections_.empty();
}

void journal_writer::write() {
  auto run = [this](const statement& which, auto& batch) {
    if (!batch.empty())
      statements_.run(sql_, which, batch.take());
  };
  run(journal_sql::insert_events, events_);
  run(journal_sql::insert_commands, commands_);
  run(journal_sql::insert_effects, effects_);
  run(journal_sql::mark_delivered, delivered_);
  run(journal_sql::upsert_standings, standings_);
  run(journal_sql::upsert_snapshots, snapshots_);
  projections_.write(sql_, statements_);
}

std::string journal_writer::seal(const std::string& subject,
                                 const json& clear) {
  return clear.empty() ? std::string{} : vault_.seal(sql_, subject, clear);
}

void journal_writer::add_event(const append& what, const domain::event& ev,
                               appended& answer) {
  ++answer.version;
  event_row row{what, ev, answer.version, what.actor.dump(), ev.data.dump(),
                {},   {}};
  row.sealed = seal(what.subject, ev.pii);
  answer.chain = chain_of_texts(answer.chain, what.stream, answer.version,
                                what.at, row.actor, ev, row.data, row.sealed);
  row.chain_hex = to_hex(answer.chain);
  events_.add(row);
}

void journal_writer::add_effect(const append& what, const identified_effect& ef,
                                std::int32_t version) {
  // A code has no person yet; all else is sealed for the stream's subject.
  auto code = ef.what.what == domain::effect::kind::sms_code;
  std::string subject{code ? "" : what.subject};
  effects_.add({what, ef, version, seal(subject, ef.what.pii), subject});
}

void journal_writer::add_snapshot(const append& what, const appended& answer) {
  snapshots_.add({what, answer.version, seal(what.subject, what.snapshot->pii),
                  to_hex(answer.chain)});
}

} // namespace zhiku::persistence
