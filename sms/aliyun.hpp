#pragma once
// Aliyun SMS, SendSms 2017-05-25 (PROTOCOL 9.2).

#include "sms/carrier.hpp"

#include <memory>
#include <string_view>

namespace zhiku::sms {

std::unique_ptr<carrier> make_aliyun(settings how);

/// What a `Code` of Aliyun means to us.
verdict aliyun_verdict(std::string_view code);

} // namespace zhiku::sms
