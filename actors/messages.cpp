#include "actors/messages.hpp"

#include "domain/refusal_codec.hpp"

namespace zhiku::actors {

using domain::json;

std::string to_wire(const envelope& x) {
  return json{{"stream", x.what.stream},
              {"type", x.what.what.type},
              {"data", x.what.what.data},
              {"pii", x.what.what.pii},
              {"who", domain::to_json(x.what.who)},
              {"command_id", x.what.command_id},
              {"request", x.what.request},
              {"effect_id", x.effect_id}}
    .dump();
}

bool from_wire(const std::string& text, envelope& x) {
  try {
    auto wire = json::parse(text);
    x.what.stream = wire.at("stream");
    x.what.what = {wire.at("type"), wire.at("data"), wire.at("pii")};
    x.what.who = domain::actor_of(wire.at("who"));
    x.what.command_id = wire.at("command_id");
    x.what.request = wire.at("request");
    x.effect_id = wire.at("effect_id");
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

std::string to_wire(const outcome& x) {
  auto why = x.why;
  why.code = x.code;
  return json{{"why", domain::to_json(why)},
              {"reply", x.reply},
              {"repeated", x.repeated},
              {"changed", x.changed}}
    .dump();
}

bool from_wire(const std::string& text, outcome& x) {
  try {
    auto wire = json::parse(text);
    x.why = domain::refusal_of(wire.at("why"));
    x.code = x.why.code;
    x.reply = wire.at("reply");
    x.repeated = wire.at("repeated");
    x.changed = wire.at("changed");
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

outcome refused_outcome(domain::refusal why) {
  outcome answer;
  answer.code = why.code;
  answer.why = std::move(why);
  return answer;
}

outcome repeated_outcome(persistence::kept_outcome first) {
  outcome answer;
  if (first.refused)
    answer = refused_outcome(std::move(*first.refused));
  answer.reply = std::move(first.reply);
  answer.repeated = true;
  return answer;
}

completion::~completion() {
  if (!done_)
    return;
  outcome lost;
  lost.code = domain::errc::timeout;
  lost.why.code = lost.code;
  deliver(std::move(lost));
}

void completion::deliver(outcome what) {
  if (auto done = std::exchange(done_, nullptr))
    done(std::move(what));
}

} // namespace zhiku::actors
