#include "persistence/journal/columns.hpp"

namespace zhiku::persistence {

const char* to_text(lane which) {
  return which == lane::entity ? "ENTITY" : "PERSON";
}

const char* to_text(domain::effect::kind kind) {
  switch (kind) {
  case domain::effect::kind::command:
    return "command";
  case domain::effect::kind::notify:
    return "notify";
  case domain::effect::kind::sms_code:
    return "sms_code";
  }
  return "command";
}

domain::effect::kind effect_kind_of(std::string_view text) {
  if (text == "notify")
    return domain::effect::kind::notify;
  if (text == "sms_code")
    return domain::effect::kind::sms_code;
  return domain::effect::kind::command;
}

const char* to_text(settlement::verdict how) {
  switch (how) {
  case settlement::verdict::done:
    return "DONE";
  case settlement::verdict::park:
    return "PARKED";
  case settlement::verdict::retry:
  case settlement::verdict::wait:
    break;
  }
  return "PENDING";
}

lane lane_of(domain::effect::kind kind) {
  return kind == domain::effect::kind::command ? lane::entity : lane::person;
}

} // namespace zhiku::persistence
