#pragma once
// What every kind's decide and evolve have in common: a table from a type to
// a short function, who asks, and the stamp that events carry.

#include "domain/fields.hpp"
#include "domain/settings.hpp"

#include <utility>

namespace zhiku::domain {

template <class State>
struct command_handler {
  std::string_view type;
  result<decision> (*decide)(const State&, const command&, const context&);
};

template <class State>
struct event_handler {
  std::string_view type;
  void (*evolve)(State&, const event&);
};

/// How the shape `from` of an event becomes shape `from + 1`. What is stored
/// stays as it was written; only what a state is made of is brought up.
struct upcaster {
  std::string_view type;
  int from;
  void (*bring_up)(event&);
};

/// The entry of that type; null when the table has none.
template <class Handler, std::size_t Size>
const Handler* find_handler(const Handler (&table)[Size],
                            std::string_view type) {
  for (const Handler& entry : table)
    if (entry.type == type)
      return &entry;
  return nullptr;
}

template <class State, std::size_t Size>
result<decision> dispatch(const command_handler<State> (&table)[Size],
                          const State& state, const command& cmd,
                          const context& ctx) {
  if (const auto* handler = find_handler(table, cmd.type))
    return handler->decide(state, cmd, ctx);
  return invalid("type", "unknown_command", "不支持的操作");
}

/// Events of an unknown type change nothing: a newer node wrote them.
template <class State, std::size_t Size>
void dispatch(const event_handler<State> (&table)[Size], State& state,
              const event& ev) {
  if (const auto* handler = find_handler(table, ev.type))
    handler->evolve(state, ev);
}

/// `ev` in the newest shape that `table` knows of.
template <std::size_t Size>
event upcast(const upcaster (&table)[Size], event ev) {
  auto older = true;
  while (std::exchange(older, false))
    for (const auto& entry : table)
      if (entry.type == ev.type && entry.from == ev.schema) {
        entry.bring_up(ev);
        ++ev.schema;
        older = true;
      }
  return ev;
}

/// A decision that changes nothing.
inline decision only_reply(json reply = json::object()) {
  return {{}, std::move(reply), {}, {}};
}

/// A decision of one event.
inline decision happened(event ev, json reply = json::object()) {
  decision made;
  made.events.push_back(std::move(ev));
  made.reply = std::move(reply);
  return made;
}

/// Whether the asker is the applicant `applicant_id` in person.
inline bool is_owner(const context& ctx, std::string_view applicant_id) {
  return !applicant_id.empty() && ctx.who.has("APPLICANT")
         && ctx.who.id == applicant_id;
}

/// Whether the asker is another entity or the alarm clock.
inline bool is_system(const context& ctx) {
  return ctx.who.has("SYSTEM");
}

inline effect to_entity(std::string stream, std::string type, json payload) {
  return {effect::kind::command, std::move(stream), std::move(type),
          std::move(payload),    json::object(),    instant{}};
}

/// A command to oneself at `due`.
inline effect wake(std::string stream, std::string type, json payload,
                   instant due) {
  return {effect::kind::command, std::move(stream), std::move(type),
          std::move(payload),    json::object(),    due};
}

inline effect notify(std::string applicant_id, std::string type, json payload) {
  return {effect::kind::notify, std::move(applicant_id), std::move(type),
          std::move(payload),   json::object(),          instant{}};
}

} // namespace zhiku::domain
