#include "actors/messages.hpp"

namespace zhiku::actors {

using domain::json;

namespace {

json fields_to_json(const std::vector<domain::field_error>& fields) {
  auto list = json::array();
  for (const auto& field : fields)
    list.push_back({field.field, field.code, field.message});
  return list;
}

std::vector<domain::field_error> fields_from_json(const json& list) {
  std::vector<domain::field_error> fields;
  for (const auto& item : list)
    fields.push_back({item.at(0), item.at(1), item.at(2)});
  return fields;
}

} // namespace

std::string to_wire(const envelope& x) {
  return json{{"stream", x.what.stream},
              {"type", x.what.what.type},
              {"data", x.what.what.data},
              {"pii", x.what.what.pii},
              {"who", domain::to_json(x.what.who)},
              {"command_id", x.what.command_id},
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
    x.effect_id = wire.at("effect_id");
    return true;
  } catch (const json::exception&) {
    return false;
  }
}

std::string to_wire(const outcome& x) {
  return json{{"code", domain::code(x.code)},
              {"detail", x.why.detail},
              {"fields", fields_to_json(x.why.fields)},
              {"reply", x.reply},
              {"repeated", x.repeated},
              {"changed", x.changed}}
    .dump();
}

bool from_wire(const std::string& text, outcome& x) {
  try {
    auto wire = json::parse(text);
    x.code = domain::errc_of(wire.at("code").get<std::string>());
    x.why = {x.code, wire.at("detail"), fields_from_json(wire.at("fields"))};
    x.reply = wire.at("reply");
    x.repeated = wire.at("repeated");
    x.changed = wire.at("changed");
    return true;
  } catch (const json::exception&) {
    return false;
  }
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
