#pragma once
// Whether a request to an SMS carrier is signed as it must be (PROTOCOL 9).
// Pure.

#include "sandbox/clock.hpp"

#include <map>
#include <string>

namespace zhiku::sandbox {

/// A request to a carrier: headers by lower-case name, query and form decoded.
struct sms_request {
  std::string method = "POST";
  std::map<std::string, std::string> headers;
  std::map<std::string, std::string> query;
  std::map<std::string, std::string> form;
  std::string body;

  /// Of the query, else of the form; empty when absent.
  std::string parameter(const std::string& name) const;

  /// Empty when absent. @param name  in lower case
  std::string header(const std::string& name) const;
};

/// What the account at the carrier is known by.
struct sms_account {
  std::string secret_id;
  std::string secret_key;
};

/// Tencent's TC3: the carrier's code for what is wrong; empty: nothing.
std::string refusal_of_tc3(const sms_request& request,
                           const sms_account& account, instant now);

/// Aliyun's V3 (ACS3) or V1, whichever the request uses. Nonces are the
/// caller's affair: `nonce_of` tells them.
std::string refusal_of_aliyun(const sms_request& request,
                              const sms_account& account, instant now);

std::string nonce_of(const sms_request& request);

} // namespace zhiku::sandbox
