#pragma once
// One JSON object a line on standard error:
//   {"at":"2026-11-23T08:00:00.123456Z","level":"info","event":"…",…}
// `event` is a sentence "subject verb object" in English. Fields never hold
// personal data, secrets, tokens, or URLs with their query.

#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace zhiku::log {

enum class level { debug, info, warn, error };

/// Sets the least level that is written. Call before threads start.
void set_level(level least);

/// Writes one line; thread-safe, never throws.
void write(level lvl, std::string_view event, const nlohmann::json& fields);

void debug(std::string_view event, const nlohmann::json& fields);
void info(std::string_view event, const nlohmann::json& fields);
void warn(std::string_view event, const nlohmann::json& fields);
void error(std::string_view event, const nlohmann::json& fields);

} // namespace zhiku::log
