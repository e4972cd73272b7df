#pragma once
// Given/when/then for one entity under a virtual clock: commands go in, the
// events and effects they caused pile up to be looked at.

#include "domain/dispatch.hpp"
#include "domain/exam/question_bank.hpp"

#include <stdexcept>

namespace zhiku::domain {

/// For test output.
inline std::ostream& operator<<(std::ostream& out, errc value) {
  return out << code(value);
}

} // namespace zhiku::domain

namespace zhiku::tests {

using namespace domain;

inline instant at(std::string_view text) {
  return domain::instant_of(text).value();
}

inline actor_ref applicant_actor(std::string id = "a-1",
                                 channel ch = channel::wechat) {
  return {{"APPLICANT"}, std::move(id), ch};
}

inline actor_ref staff_actor(std::string role, std::string id) {
  return {{std::move(role)}, std::move(id), channel::staff};
}

inline actor_ref system_actor(std::string id = "clock") {
  return {{"SYSTEM"}, std::move(id), channel::system};
}

inline actor_ref visitor_actor() {
  return {{"VISITOR"}, "", channel::wechat};
}

class scenario {
public:
  explicit scenario(std::string stream)
      : now(at("2026-11-23T01:00:00Z")), who(system_actor()),
        stream_(std::move(stream)), entity_(make_entity(stream_)) {
    // nop
  }

  instant now;
  actor_ref who;
  policy rules;
  const question_bank* bank = nullptr;

  std::vector<event> events;   ///< all since the beginning
  std::vector<effect> effects; ///< all since the beginning

  scenario& as(actor_ref asker) {
    who = std::move(asker);
    return *this;
  }

  scenario& wait(std::chrono::microseconds time) {
    now += time;
    return *this;
  }

  /// Carries the command out under a fresh id and applies what it caused.
  result<decision> when(std::string type, json data = json::object(),
                        json pii = json::object()) {
    ++commands_;
    context ctx{now, who, stream_ + "#" + std::to_string(commands_), &rules,
                bank};
    auto made = entity_->decide({std::move(type), data, pii}, ctx);
    if (made)
      apply(*made);
    return made;
  }

  /// The reply of a command that must succeed.
  json reply(std::string type, json data = json::object(),
             json pii = json::object()) {
    auto made = when(type, std::move(data), std::move(pii));
    if (!made)
      throw std::runtime_error(type + ": "
                               + std::string{code(made.error().code)});
    return made->reply;
  }

  /// Why the command was refused; errc::none when it was not.
  errc refusal_of(std::string type, json data = json::object(),
                  json pii = json::object()) {
    auto before = events.size();
    auto made = when(std::move(type), std::move(data), std::move(pii));
    if (made)
      return made->refused ? made->refused->code : errc::none;
    EXPECT_EQ(events.size(), before);
    return made.error().code;
  }

  const entity& subject() const {
    return *entity_;
  }
  std::string state() const {
    return entity_->state_name();
  }

  std::size_t count(std::string_view event_type) const {
    std::size_t sum = 0;
    for (const auto& ev : events)
      sum += ev.type == event_type;
    return sum;
  }

  /// The latest effect of that type; null when there is none.
  const effect* latest(std::string_view type) const {
    for (auto it = effects.rbegin(); it != effects.rend(); ++it)
      if (it->type == type)
        return &*it;
    return nullptr;
  }

  /// A new entity that has lived through the same events.
  std::unique_ptr<entity> replayed() const {
    auto fresh = make_entity(stream_);
    for (const auto& ev : events)
      fresh->evolve(ev);
    return fresh;
  }

  /// A new entity from the snapshot.
  std::unique_ptr<entity> restored() const {
    auto fresh = make_entity(stream_);
    fresh->restore(entity_->snapshot(), entity_->snapshot_pii());
    return fresh;
  }

private:
  void apply(const decision& made) {
    for (const auto& ev : made.events) {
      entity_->evolve(ev);
      auto more = entity_->effects(ev);
      effects.insert(effects.end(), more.begin(), more.end());
      events.push_back(ev);
    }
    effects.insert(effects.end(), made.effects.begin(), made.effects.end());
  }

  std::string stream_;
  std::unique_ptr<entity> entity_;
  int commands_ = 0;
};

} // namespace zhiku::tests
