#pragma once
// The two SMS carriers (PROTOCOL 9): verify the request's signature, answer in
// the carrier's words, keep what was sent. Not thread-safe.

#include "sandbox/clock.hpp"

#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

/// A request to a carrier, headers by lower-case name, query decoded.
struct sms_request {
  std::map<std::string, std::string> headers;
  std::map<std::string, std::string> query;
  std::string body;
};

class sms_desk {
public:
  sms_desk(std::string secret_id, std::string secret_key);

  /// @param code  the carrier's code to answer with in place of acceptance;
  ///              empty: none
  nlohmann::json tencent(const sms_request& request, const std::string& code,
                         instant now);
  nlohmann::json aliyun(const sms_request& request, const std::string& code,
                        instant now);

  /// Gives a template a text with `{1}` or `${name}`, as it will be shown.
  void define(const std::string& template_id, std::string text);

  /// What was sent to `phone` (11 digits; empty: to all), oldest first.
  nlohmann::json sent_to(const std::string& phone) const;

private:
  std::string refusal_of_tc3(const sms_request& request, instant now) const;
  std::string refusal_of_acs3(const sms_request& request) const;
  std::string deliver(nlohmann::json line, instant now);

  std::string secret_id_;
  std::string secret_key_;
  std::map<std::string, std::string> texts_;
  std::vector<nlohmann::json> sent_;
  std::int64_t last_serial_ = 0;
};

} // namespace zhiku::sandbox
