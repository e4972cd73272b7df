#pragma once
// The messages of one notification, made from its kind and payload. Pure.

#include "domain/notice/catalogue.hpp"
#include "sms/carrier.hpp"
#include "wechat/api.hpp"

#include <string>
#include <vector>

namespace zhiku::actors {

/// Fields fitted to their types, without receiver and ids.
/// @param shortened  cut hard, after the platform refused a field (47003)
wechat::template_message template_of(const domain::notice::kind& kind,
                                     const domain::json& payload,
                                     const std::string& public_base_url,
                                     bool shortened);

/// Parameters in order, without phone and session id.
sms::message sms_of(const domain::notice::kind& kind,
                    const domain::json& payload);

/// What the platform would refuse however the notification is filled: texts
/// without placeholders that do not fit their field.
std::vector<domain::notice::problem>
unfit_fields(const domain::notice::catalogue& all);

} // namespace zhiku::actors
