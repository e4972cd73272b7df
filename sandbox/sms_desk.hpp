#pragma once
// The two SMS carriers (PROTOCOL 9): verify the request's signature, answer in
// the carrier's words, keep what was sent and what became of it. Not
// thread-safe.

#include "sandbox/clock.hpp"
#include "sandbox/sms_auth.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

class sms_desk {
public:
  struct answer {
    nlohmann::json body;
    std::vector<std::string> serials; ///< of the messages taken by this call
    int http_status = 200;
  };

  explicit sms_desk(sms_account account);

  /// SendSms and PullSmsSendStatusByPhoneNumber, by `X-TC-Action`.
  /// @param code  the carrier's code to answer with in place of acceptance;
  ///              empty: none
  answer tencent(const sms_request& request, const std::string& code,
                 instant now);

  /// SendSms and QuerySendDetails, by `x-acs-action` or `Action`.
  answer aliyun(const sms_request& request, const std::string& code,
                instant now);

  /// Gives a template a text with `{1}` or `${name}`, as it will be shown.
  /// Messages with fewer parameters are refused.
  void define(const std::string& template_id, std::string text);

  /// What was sent to `phone` (11 digits; empty: to all), oldest first.
  nlohmann::json sent_to(const std::string& phone) const;

  /// The carrier that took the message: `tencent` or `aliyun`.
  std::string carrier_of(const std::string& serial) const;

  /// Settles what became of a message; the carrier's report of it.
  /// @param failure  the operator's code; empty: it arrived
  nlohmann::json settle(const std::string& serial, const std::string& failure,
                        instant now);

private:
  answer tencent_send(const nlohmann::json& body, const std::string& code,
                      instant now);
  /// One element of the answer; a serial more when the message was taken.
  nlohmann::json tencent_send_one(const nlohmann::json& body,
                                  const std::string& phone, std::string code,
                                  instant now,
                                  std::vector<std::string>& serials);
  answer aliyun_send(const sms_request& request, instant now);
  nlohmann::json tencent_status(const nlohmann::json& body) const;
  nlohmann::json aliyun_status(const sms_request& request) const;
  bool lacks_parameters(const nlohmann::json& line) const;
  std::string deliver(nlohmann::json line, instant now);

  sms_account account_;
  std::map<std::string, std::string> texts_;
  std::map<std::int64_t, nlohmann::json> sent_; ///< by number
  std::set<std::string> nonces_;
  std::int64_t last_number_ = 0;
};

} // namespace zhiku::sandbox
