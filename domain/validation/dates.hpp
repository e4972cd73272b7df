#pragma once
// Calendar days without a time, as forms and terms of office use them.

#include "domain/time.hpp"

namespace zhiku::domain {

using calendar_day = std::chrono::year_month_day;

/// Strict ISO YYYY-MM-DD of a day that exists; nothing otherwise.
std::optional<calendar_day> day_of(std::string_view text);

/// Strict ISO YYYY-MM; nothing otherwise.
std::optional<std::chrono::year_month> month_of(std::string_view text);

/// YYYY-MM-DD.
std::string to_text(calendar_day day);

/// The calendar day in Beijing at that instant.
calendar_day beijing_date(instant at);

/// Completed years from `from` to `to`; negative when `to` is earlier.
int full_years(calendar_day from, calendar_day to);

/// `day` that many years later; 29 February becomes the 28th where needed.
calendar_day add_years(calendar_day day, int years);

} // namespace zhiku::domain
