#pragma once
// Who or what must act next on an entity, in a word for the watchdog and for
// operators.

#include <string_view>

namespace zhiku::domain {

/// E.g. ("review_case", "SUBMITTED") -> "ACCEPTOR". "NOBODY" when nothing is
/// awaited, as in final and in unknown states.
std::string_view waits_for(std::string_view kind, std::string_view state_name);

} // namespace zhiku::domain
