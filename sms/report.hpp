#pragma once
// Delivery reports, which the carriers post to us (PROTOCOL 9.1, 9.2). They
// are not signed: take them on an unguessable path, and believe only those
// whose serial is one of ours. They come several in one call, repeated, out of
// order, and sometimes before the answer to the sending. Pure, thread-safe.

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::sms {

/// Larger bodies are refused.
inline constexpr std::size_t max_report_bytes = std::size_t{1024} * 1024;

struct delivery_report {
  std::string serial;     ///< `result::serial`
  std::string session_id; ///< `message::session_id`; empty: not repeated to us
  std::string phone;      ///< masked, 137****2222; empty: not told
  bool delivered = false;
  std::string code;                           ///< for operators
  std::optional<std::chrono::sys_seconds> at; ///< of delivery or failure

  bool operator==(const delivery_report&) const = default;
};

/// What one call of a carrier held.
struct report_batch {
  std::vector<delivery_report> reports;
  std::size_t malformed = 0; ///< entries left out (W28)

  bool operator==(const report_batch&) const = default;
};

/// Nothing when `body` is not what the carrier sends, or when no entry of
/// several can be read; refuse it with 400. One unreadable entry among others
/// is left out: the carrier would send the same again, and then give up.
std::optional<report_batch> tencent_reports(std::string_view body);
std::optional<report_batch> aliyun_reports(std::string_view body);

/// What has to be answered, with 200 as JSON, lest they come again.
inline constexpr std::string_view tencent_report_answer =
  R"({"result":0,"errmsg":"OK"})";
inline constexpr std::string_view aliyun_report_answer =
  R"({"code":0,"msg":"接收成功"})";

} // namespace zhiku::sms
