#pragma once
// What the journal's writer and outbox write, column by column. Internal to
// persistence/journal.

#include "persistence/journal/column_batch.hpp"
#include "persistence/store.hpp"

#include <string>

namespace zhiku::persistence {

inline std::int64_t micros(instant at) {
  return at.time_since_epoch().count();
}

inline instant from_micros(long long value) {
  return instant{domain::microseconds{value}};
}

inline void add_or_null(sql_array& values, const std::string& text) {
  if (text.empty())
    values.add_null();
  else
    values.add(text);
}

/// "ENTITY", "PERSON".
const char* to_text(lane which);
/// "command", "notify", "sms_code".
const char* to_text(domain::effect::kind kind);
domain::effect::kind effect_kind_of(std::string_view text);

struct event_row {
  const append& from;
  const domain::event& ev;
  std::int32_t version;
  std::string actor;
  std::string data;
  std::string sealed;
  std::string chain_hex;
};

struct effect_row {
  const append& from;
  const identified_effect& ef;
  std::int32_t version;
  std::string sealed;
  std::string subject;
};

struct command_row {
  const append& from;
  std::int32_t version;
  std::string request_hash;
  std::string refused;
};

struct standing_row {
  const append& from;
  std::int32_t version;
};

struct snapshot_row {
  const append& from;
  std::int32_t version;
  std::string sealed;
  std::string chain_hex;
};

inline constexpr column<event_row> event_columns[] = {
  {"stream", "text", [](auto& to, auto& row) { to.add(row.from.stream); }},
  {"version", "int", [](auto& to, auto& row) { to.add_number(row.version); }},
  {"at", "bigint",
   [](auto& to, auto& row) { to.add_number(micros(row.from.at)); },
   "to_timestamp(0) + u.at * interval '1 microsecond'"},
  {"actor", "text", [](auto& to, auto& row) { to.add(row.actor); },
   "CAST(u.actor AS jsonb)"},
  {"type", "text", [](auto& to, auto& row) { to.add(row.ev.type); }},
  {"schema", "smallint",
   [](auto& to, auto& row) { to.add_number(row.ev.schema); }},
  {"data", "text", [](auto& to, auto& row) { to.add(row.data); },
   "CAST(u.data AS jsonb)"},
  {"sealed", "text", [](auto& to, auto& row) { add_or_null(to, row.sealed); }},
  {"subject", "text",
   [](auto& to, auto& row) {
     add_or_null(to, row.sealed.empty() ? "" : row.from.subject);
   }},
  {"chain", "text", [](auto& to, auto& row) { to.add(row.chain_hex); },
   "decode(u.chain, 'hex')"},
};

inline constexpr column<command_row> command_columns[] = {
  {"id", "text", [](auto& to, auto& row) { to.add(row.from.command_id); }},
  {"stream", "text", [](auto& to, auto& row) { to.add(row.from.stream); }},
  {"version", "int", [](auto& to, auto& row) { to.add_number(row.version); }},
  {"reply", "text", [](auto& to, auto& row) { to.add(row.from.reply.dump()); },
   "CAST(u.reply AS jsonb)"},
  {"request", "text", [](auto& to, auto& row) { to.add(row.request_hash); }},
  {"refused", "text", [](auto& to, auto& row) { add_or_null(to, row.refused); },
   "CAST(u.refused AS jsonb)"},
  {"at", "bigint",
   [](auto& to, auto& row) { to.add_number(micros(row.from.at)); },
   "to_timestamp(0) + u.at * interval '1 microsecond'"},
};

/// When an effect falls due: when its event happened, unless it says later.
inline std::int64_t due_micros(const effect_row& row) {
  return micros(row.ef.what.due == instant{} ? row.from.at : row.ef.what.due);
}

inline constexpr column<effect_row> effect_columns[] = {
  {"id", "text", [](auto& to, auto& row) { to.add(row.ef.id); }},
  {"stream", "text", [](auto& to, auto& row) { to.add(row.from.stream); }},
  {"version", "int", [](auto& to, auto& row) { to.add_number(row.version); }},
  {"lane", "text",
   [](auto& to, auto& row) { to.add(to_text(lane_of(row.ef.what.what))); }},
  {"kind", "text",
   [](auto& to, auto& row) { to.add(to_text(row.ef.what.what)); }},
  {"target", "text", [](auto& to, auto& row) { to.add(row.ef.what.target); }},
  {"type", "text", [](auto& to, auto& row) { to.add(row.ef.what.type); }},
  {"payload", "text",
   [](auto& to, auto& row) { to.add(row.ef.what.payload.dump()); },
   "CAST(u.payload AS jsonb)"},
  {"sealed", "text", [](auto& to, auto& row) { add_or_null(to, row.sealed); }},
  {"subject", "text", [](auto& to, auto& row) { to.add(row.subject); }},
  {"due_at", "bigint",
   [](auto& to, auto& row) { to.add_number(due_micros(row)); },
   "to_timestamp(0) + u.due_at * interval '1 microsecond'"},
  {"next_at", "bigint",
   [](auto& to, auto& row) { to.add_number(due_micros(row)); },
   "to_timestamp(0) + u.next_at * interval '1 microsecond'"},
};

inline constexpr column<append> delivered_columns[] = {
  {"id", "text", [](auto& to, auto& row) { to.add(row.effect_id); }},
  {"at", "bigint", [](auto& to, auto& row) { to.add_number(micros(row.at)); }},
};

inline constexpr column<standing_row> standing_columns[] = {
  {"id", "text", [](auto& to, auto& row) { to.add(row.from.stream); }},
  {"version", "int", [](auto& to, auto& row) { to.add_number(row.version); }},
  {"state", "text",
   [](auto& to, auto& row) { to.add(row.from.now_stands->state); }},
  {"final", "bool",
   [](auto& to, auto& row) { to.add(row.from.now_stands->final ? "t" : "f"); }},
  {"waits_for", "text",
   [](auto& to, auto& row) { to.add(row.from.now_stands->waits_for); }},
  {"changed_at", "bigint",
   [](auto& to, auto& row) { to.add_number(micros(row.from.at)); },
   "to_timestamp(0) + u.changed_at * interval '1 microsecond'"},
};

inline constexpr column<snapshot_row> snapshot_columns[] = {
  {"stream", "text", [](auto& to, auto& row) { to.add(row.from.stream); }},
  {"version", "int", [](auto& to, auto& row) { to.add_number(row.version); }},
  {"chain", "text", [](auto& to, auto& row) { to.add(row.chain_hex); },
   "decode(u.chain, 'hex')"},
  {"state", "text",
   [](auto& to, auto& row) { to.add(row.from.snapshot->state.dump()); },
   "CAST(u.state AS jsonb)"},
  {"sealed", "text", [](auto& to, auto& row) { add_or_null(to, row.sealed); }},
  {"subject", "text", [](auto& to, auto& row) { to.add(row.from.subject); }},
};

/// "DONE", "PARKED", or "PENDING" for what is tried again.
const char* to_text(settlement::verdict how);

inline constexpr column<settlement> settlement_columns[] = {
  {"id", "text", [](auto& to, auto& row) { to.add(row.effect_id); }},
  {"state", "text", [](auto& to, auto& row) { to.add(to_text(row.how)); }},
  {"due", "bigint",
   [](auto& to, auto& row) { to.add_number(micros(row.when)); }},
  {"failure", "text",
   [](auto& to, auto& row) { add_or_null(to, row.failure); }},
  {"at", "bigint", [](auto& to, auto& row) { to.add_number(micros(row.at)); }},
};

} // namespace zhiku::persistence
