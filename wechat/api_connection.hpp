#pragma once
// How `api` talks: HTTP, the platform's verdict on each call, and the ledger.
// For api.cpp only.

#include "wechat/api.hpp"

#include <initializer_list>
#include <utility>

#include <httplib.h>

namespace zhiku::wechat {

struct api::connection {
  using parameters =
    std::initializer_list<std::pair<std::string_view, std::string_view>>;

  connection(account owner, call_timeouts timeouts);

  /// @param secret  what the platform's words must not repeat: the token used
  result<nlohmann::json> get(std::string_view path, const parameters& query,
                             std::string_view secret = {});
  result<nlohmann::json> post(std::string_view path, const parameters& query,
                              const nlohmann::json& body,
                              std::string_view secret = {});

  /// Bytes, unless they are JSON, which then tells why there are none.
  result<std::string> get_bytes(std::string_view path, const parameters& query,
                                std::string_view secret, std::size_t max_bytes);

  account who;
  std::function<void(const call_report&)> seen;

private:
  template <class Call>
  auto observed(std::string_view path, Call call);

  result<nlohmann::json> judge(const httplib::Result& answer,
                               std::string_view secret) const;
  result<nlohmann::json> judge(const std::string& body,
                               std::string_view secret) const;
  std::string told(std::string errmsg, std::string_view secret) const;

  httplib::Client client_;
};

/// The platform gives numbers as strings and the reverse (PROTOCOL 0); what is
/// missing is empty, or 0.
std::string text_in(const nlohmann::json& from, const char* name);
std::int64_t number_in(const nlohmann::json& from, const char* name);
std::chrono::seconds seconds_in(const nlohmann::json& from, const char* name);

/// The array under `name`; empty when there is none.
const nlohmann::json& list_in(const nlohmann::json& from, const char* name);
std::vector<std::string> texts_in(const nlohmann::json& from, const char* name);

} // namespace zhiku::wechat
