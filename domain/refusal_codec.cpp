#include "domain/refusal_codec.hpp"

namespace zhiku::domain {

nlohmann::json to_json(const refusal& why) {
  auto fields = nlohmann::json::array();
  for (const auto& field : why.fields)
    fields.push_back({field.field, field.code, field.message});
  return {{"code", code(why.code)}, {"detail", why.detail}, {"fields", fields}};
}

refusal refusal_of(const nlohmann::json& value) {
  refusal why;
  why.code = errc_of(value.at("code").get<std::string>());
  why.detail = value.at("detail");
  for (const auto& item : value.at("fields"))
    why.fields.push_back({item.at(0), item.at(1), item.at(2)});
  return why;
}

} // namespace zhiku::domain
