#pragma once
// SMS through a carrier, or through the next one (PROTOCOL 9). Blocking, for a
// worker thread of its own: a call takes some 11 seconds in the worst case,
// times the number of carriers.

#include <chrono>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace zhiku::outgoing {
class client;
}

namespace zhiku::sms {

struct message {
  std::string phone;               ///< 11 digits, mainland China
  std::string template_key;        ///< "code", or a notification event
  std::vector<std::string> params; ///< in the order of the template
  std::string session_id;          ///< ours; the carrier's report repeats it
};

enum class verdict {
  sent,          ///< accepted; the report comes later, under `serial`
  wait,          ///< the person has had too many; no other carrier either
  never,         ///< the number can not be reached
  other_carrier, ///< this carrier will not, until an operator has looked
  retry,         ///< later, through the same carrier
  unknown,       ///< no answer: may have been sent. Do not repeat a code
};

/// Holds no phone number and no text; may be logged and stored.
struct result {
  verdict what = verdict::unknown;
  std::string code;      ///< the carrier's own, for operators
  std::string serial;    ///< of `sent`
  std::string carrier{}; ///< the name of the one who answered
};

/// What to ask about. Carriers keep it for some days.
struct inquiry {
  std::string carrier;    ///< of the result; empty: it may be any
  std::string phone;      ///< 11 digits
  std::string serial;     ///< of the result; empty when there was no answer
  std::string session_id; ///< of the message
  std::chrono::sys_seconds sent_at{};
};

enum class fate {
  delivered,
  failed,
  pending,    ///< the operators have not told the carrier yet
  unknown,    ///< the carrier knows nothing of it
  unanswered, ///< no answer, or none that tells: ask again
};

struct status {
  fate what = fate::unknown;
  std::string code; ///< the carrier's own, for operators

  bool operator==(const status&) const = default;
};

/// One each thread. No call throws for what the network or the carrier does.
class carrier {
public:
  virtual ~carrier() = default;

  /// SMS has no idempotency: each call may send one more.
  virtual result send(const message& what) = 0;

  /// What became of a message; `unknown` where it cannot be asked, or when it
  /// was another carrier's.
  virtual status status_of(const inquiry&) {
    return {};
  }
};

enum class provider { tencent, aliyun };

struct settings {
  provider by = provider::tencent;
  std::string name{};   ///< in results; empty: the provider's
  std::string base_url; ///< may have a path; empty: the carrier's own
  std::string secret_id;
  std::string secret_key;
  std::string app_id; ///< SmsSdkAppId; Tencent only
  std::string sign_name;
  /// Template key to the carrier's template id. Aliyun names its parameters,
  /// so there the id is followed by their names: "SMS_1234:code,minutes".
  std::map<std::string, std::string> templates;
  std::chrono::milliseconds connect_timeout{3000};
  std::chrono::milliseconds total_timeout{11'000};
};

/// @pre `via` is not null
std::unique_ptr<carrier> make_carrier(settings how,
                                      std::shared_ptr<outgoing::client> via);

/// All of them as one, see failover.hpp. Names have to differ.
/// @param in_order  the preferred one first. @pre not empty
std::unique_ptr<carrier> make_carriers(std::vector<settings> in_order,
                                       std::shared_ptr<outgoing::client> via);

/// "tencent", "aliyun".
std::string name_of(provider by);

} // namespace zhiku::sms
