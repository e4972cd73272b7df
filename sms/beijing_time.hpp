#pragma once
// The carriers tell time as in Beijing, UTC+8 all year. Pure.

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace zhiku::sms {

/// The instant that "2015-10-17 08:03:04" means; nothing for any other form
/// and for what no calendar or clock shows.
std::optional<std::chrono::sys_seconds> from_beijing(std::string_view text);

/// The day in Beijing, as "20151017".
std::string beijing_day(std::chrono::sys_seconds at);

} // namespace zhiku::sms
