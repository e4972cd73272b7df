#pragma once
// Problems as pages: whoever follows a link reads no JSON. Pure.

#include "http/message.hpp"

namespace zhiku::http {

/// Whether a browser asks for something to show: neither an operation nor a
/// script's call.
bool is_visit(const request& asked);

/// Puts a page in the place of a problem document, with its words and what to
/// do next. Status and other headers stay; answers of other kinds too.
void show_problem(response& answer);

} // namespace zhiku::http
