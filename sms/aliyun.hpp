#pragma once
// Aliyun SMS, version 2017-05-25 (PROTOCOL 9.2): SendSms and QuerySendDetails.

#include "sms/carrier.hpp"

#include <memory>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace zhiku::sms {

std::unique_ptr<carrier> make_aliyun(settings how,
                                     std::shared_ptr<outgoing::client> via);

/// What a `Code` of Aliyun means to us.
verdict aliyun_verdict(std::string_view code);

/// What `answer` to the status query tells of one message.
status aliyun_status(const nlohmann::json& answer, const inquiry& about);

} // namespace zhiku::sms
