#pragma once
// The platform's words for its errcodes. Pure.

#include "sandbox/clock.hpp"

#include <string>

namespace zhiku::sandbox {

/// Without the `rid` that ends it; "unknown error" for codes not known here.
std::string errmsg_of(int errcode);

/// A request id as the platform writes it: time and two random numbers in hex.
std::string new_rid(instant now);

} // namespace zhiku::sandbox
