#pragma once
// Places in a list as opaque text for the client. Pure.

#include "persistence/queries/lists.hpp"

namespace zhiku::http {

std::string to_cursor(const persistence::list_position& at);

/// Nothing when the text was not made by `to_cursor`.
std::optional<persistence::list_position> position_of(std::string_view cursor);

/// {items, next_cursor}: the first `limit` of `rows`; the cursor names the last
/// one shown, and is null when `rows` holds no more than `limit`.
/// @param instant_column  what the list is ordered by, before `id`
domain::json page_of(domain::json rows, std::size_t limit,
                     const std::string& instant_column);

} // namespace zhiku::http
