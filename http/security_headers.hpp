#pragma once
// The headers that keep an answer where it belongs. Pure.

#include "http/message.hpp"

namespace zhiku::http {

/// Adds those that the answer does not have yet; refusals get them too.
/// @param secure  the site is reached over HTTPS only
void add_security_headers(response& answer, bool secure);

} // namespace zhiku::http
