#pragma once
// The small part of JSON Schema that routes use, as JSON: what `/openapi.json`
// shows is what is checked. Known words: type, properties, required,
// additionalProperties, items, enum, minLength, maxLength (characters),
// minimum, maximum, minItems, maxItems. Pure.

#include "domain/result.hpp"

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::http::schema {

using nlohmann::json;

/// A text of `least` to `most` characters.
json text(std::size_t most = 200, std::size_t least = 1);
json choice(std::span<const std::string_view> values);
json choice(std::initializer_list<std::string_view> values);
json integer(std::int64_t least, std::int64_t most);
json flag();
json instant();
json list(json items, std::size_t most, std::size_t least = 0);

/// Any object; what is inside is checked elsewhere.
json any_object();

/// One member of an object.
struct member {
  std::string name;
  json schema;
  bool required = true;
};

member optional(std::string name, json schema);

/// An object with exactly these members.
json object(std::vector<member> members);

/// The same for answers, which may grow.
json answer(std::vector<member> members);

/// All that is wrong with `value`, one entry a field; field names are paths
/// like "paper.0.count". Empty when it fits.
std::vector<domain::field_error> violations(const json& value,
                                            const json& schema);

/// The JSON value of a body; nothing when it is not JSON, is nested deeper
/// than 16 levels or holds a NUL character, which PostgreSQL cannot keep.
std::optional<json> parse(std::string_view body);

} // namespace zhiku::http::schema
