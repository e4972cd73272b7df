// Any bytes as the body of a request: parsing and checking never fail, what is
// parsed is JSON, and what has no violations has the shape that was asked for.

#include "http/schema.hpp"
#include "tests/fuzz/target.hpp"

namespace {

using namespace zhiku;
namespace schema = http::schema;
using nlohmann::json;

const json& wanted() {
  static const json made = schema::object({
    {"name", schema::text(20)},
    {"pool", schema::choice({"BID", "GREEN"})},
    {"years", schema::integer(0, 60)},
    {"agreed", schema::flag()},
    schema::optional("born", schema::instant()),
    schema::optional("skills", schema::list(schema::text(5), 3, 1)),
    schema::optional("form", schema::any_object()),
    schema::optional(
      "firms", schema::list(schema::object({{"name", schema::text()}}), 2)),
  });
  return made;
}

void require_shape(const json& value) {
  fuzz::require(value.at("name").is_string() && !value.at("name").empty());
  fuzz::require(value.at("pool") == "BID" || value.at("pool") == "GREEN");
  fuzz::require(value.at("years") >= 0 && value.at("years") <= 60);
  fuzz::require(value.at("agreed").is_boolean());
  for (const auto& skill : value.value("skills", json::array()))
    fuzz::require(skill.is_string());
  for (const auto& firm : value.value("firms", json::array()))
    fuzz::require(firm.size() == 1 && firm.at("name").is_string());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  auto value = schema::parse(fuzz::text_of(data, size));
  if (!value)
    return 0;
  auto text = value->dump();
  fuzz::require(schema::parse(text) == value);
  fuzz::require(text.find('\0') == std::string::npos);
  auto wrong = schema::violations(*value, wanted());
  if (wrong.empty())
    require_shape(*value);
  for (const auto& each : wrong)
    fuzz::require(!each.code.empty() && !each.message.empty());
  return 0;
}
