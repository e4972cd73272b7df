#pragma once
// Whether a request can be sent at all, and to whom. Pure. For this folder.

#include "outgoing/message.hpp"

#include <optional>
#include <string>

namespace zhiku::outgoing {

/// "https://host:443" of an absolute http(s) URL without credentials; nothing
/// when it is something else.
std::optional<std::string> origin_of(const std::string& url);

/// Whether names are tokens and values without line breaks and NUL (RFC 9110
/// section 5), so that nothing can be smuggled into the head.
bool are_headers(const header_list& headers);

} // namespace zhiku::outgoing
