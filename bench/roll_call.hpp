#pragma once
// Wakes entities by asking each something that changes nothing.

#include "actors/gateway.hpp"

#include <cstddef>

namespace zhiku::bench {

/// Makes the sittings from place `first` to before `last` resident.
/// @throws cannot_measure when one does not answer as a running attempt
void roll_call(actors::gateway& gateway, std::size_t first, std::size_t last);

} // namespace zhiku::bench
