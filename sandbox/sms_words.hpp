#pragma once
// The words of the two SMS carriers: errors, delivery reports and what their
// status queries tell (PROTOCOL 9). Pure but for request ids.
//
// A line is what the sandbox keeps of a message: `{carrier, phone, sign,
// template, params, text, session_id, serial, at, status, failure,
// reported_at}`, the last two once it has been settled.

#include <cstdint>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

inline constexpr std::string_view country_code = "+86";

/// The text or number under `name`, as text; empty when there is none.
std::string text_in(const nlohmann::json& from, const char* name);

/// Unix seconds in Beijing's time, by a `strftime` format.
std::string beijing_text(std::int64_t at, const char* format);

// -- Tencent ------------------------------------------------------------------

nlohmann::json tencent_error(const std::string& code);

/// Whether Tencent refuses the whole request so, not one number of it.
bool is_of_whole_request(const std::string& code);

/// `["123"]` as `[{"name":"1","value":"123"}]`: positions count from 1.
nlohmann::json positional_params(const nlohmann::json& params);

/// @pre the line has been settled
nlohmann::json tencent_report(const nlohmann::json& line);

/// What `PullSmsSendStatusByPhoneNumber` tells of one message.
/// @pre the line has been settled
nlohmann::json tencent_detail(const nlohmann::json& line);

// -- Aliyun -------------------------------------------------------------------

nlohmann::json aliyun_answer(const std::string& code,
                             const std::string& biz_id = {});

/// Aliyun's gateway says no by HTTP status, the service behind it never does.
int aliyun_http_status(const std::string& code);

/// `{"code":"123"}` as `[{"name":"code","value":"123"}]`.
nlohmann::json named_params(const nlohmann::json& params);

/// @pre the line has been settled
nlohmann::json aliyun_report(const nlohmann::json& line);

/// What `QuerySendDetails` tells of one message.
nlohmann::json aliyun_detail(const nlohmann::json& line);

} // namespace zhiku::sandbox
