#pragma once
// A refusal as JSON: what the journal keeps of a refused command and what
// crosses to another node.

#include "domain/result.hpp"

#include <nlohmann/json.hpp>

namespace zhiku::domain {

/// {"code", "detail", "fields": [[field, code, message]]}
nlohmann::json to_json(const refusal& why);

/// The inverse; throws nlohmann::json::exception for any other shape.
refusal refusal_of(const nlohmann::json& value);

} // namespace zhiku::domain
