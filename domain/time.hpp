#pragma once
// Time as the house uses it: microseconds, UTC, always given, never read.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace zhiku::domain {

using std::chrono::microseconds;
using std::chrono::seconds;

/// A moment, in microseconds since 1970 UTC: PostgreSQL's own resolution.
using instant = std::chrono::sys_time<microseconds>;

/// RFC 3339 UTC; microseconds only when not zero: 2026-11-23T08:00:00Z.
std::string to_text(instant at);

/// Parses RFC 3339 with any offset; nothing when it is not one.
std::optional<instant> instant_of(std::string_view text);

/// Beijing wall time for people: 2026-11-23 16:00 (RULES 2: UTC+8, no DST).
std::string to_beijing(instant at);

/// The Beijing calendar day as YYYYMMDD, e.g. 20261123 (edge 86).
int beijing_day(instant at);

} // namespace zhiku::domain
