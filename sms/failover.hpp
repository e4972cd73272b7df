#pragma once
// Several carriers as one: the next is tried when one cannot send.

#include "sms/carrier.hpp"

#include <memory>
#include <vector>

namespace zhiku::sms {

/// Tries `in_order`, going on after `other_carrier` and `retry`. All else ends
/// it: the person's limits and the number are the same with every carrier, and
/// what may have been sent must not be sent again. When none could send, the
/// answer is `retry` if one carrier may be tried again later.
/// @pre not empty
std::unique_ptr<carrier>
make_failover(std::vector<std::unique_ptr<carrier>> in_order);

} // namespace zhiku::sms
