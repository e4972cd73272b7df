#pragma once
// Tencent Cloud SMS, version 2021-01-11 (PROTOCOL 9.1): SendSms and
// PullSmsSendStatusByPhoneNumber.

#include "sms/carrier.hpp"

#include <memory>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace zhiku::sms {

std::unique_ptr<carrier> make_tencent(settings how,
                                      std::shared_ptr<outgoing::client> via);

/// What a `Code` of Tencent Cloud means to us.
verdict tencent_verdict(std::string_view code);

/// What `answer` to the status query tells of one message. The carrier lists
/// only what has been reported, so what has a serial and is not there waits.
status tencent_status(const nlohmann::json& answer, const inquiry& about);

} // namespace zhiku::sms
