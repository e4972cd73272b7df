#include "sms/fields.hpp"

namespace zhiku::sms {

using nlohmann::json;

namespace {

/// Null when there is none.
const json* member_of(const json& from, const char* name) {
  if (!from.is_object())
    return nullptr;
  auto it = from.find(name);
  return it == from.end() ? nullptr : &*it;
}

} // namespace

std::string text_in(const json& from, const char* name) {
  const auto* found = member_of(from, name);
  if (found == nullptr)
    return {};
  if (found->is_string())
    return found->get<std::string>();
  return found->is_number() ? found->dump() : std::string{};
}

const json& list_in(const json& from, const char* name) {
  static const json none = json::array();
  const auto* found = member_of(from, name);
  return found != nullptr && found->is_array() ? *found : none;
}

const json& object_in(const json& from, const char* name) {
  static const json none = json::object();
  const auto* found = member_of(from, name);
  return found != nullptr && found->is_object() ? *found : none;
}

} // namespace zhiku::sms
