#pragma once
// Tencent Cloud SMS, SendSms 2021-01-11 (PROTOCOL 9.1).

#include "sms/carrier.hpp"

#include <memory>
#include <string_view>

namespace zhiku::sms {

std::unique_ptr<carrier> make_tencent(settings how);

/// What a `Code` of Tencent Cloud means to us.
verdict tencent_verdict(std::string_view code);

} // namespace zhiku::sms
