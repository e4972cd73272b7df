#pragma once
// How `api` talks: HTTP, the platform's verdict on each call, and the ledger.
// For api.cpp only.

#include "wechat/api.hpp"

#include <initializer_list>
#include <utility>

namespace zhiku::wechat {

struct api::connection : std::enable_shared_from_this<api::connection> {
  using parameters =
    std::initializer_list<std::pair<std::string_view, std::string_view>>;

  /// Whether a request may arrive twice without harm (outgoing/message.hpp).
  enum class arrives { once, any_times };

  /// A request that waits to be sent.
  struct prepared {
    std::string path;
    std::string secret; ///< what the platform's words must not repeat
    outgoing::request request;
  };

  connection(account owner, std::shared_ptr<outgoing::client> via,
             call_timeouts timeouts);

  /// @param secret  the token used
  prepared to_get(std::string_view path, const parameters& query,
                  std::string_view secret = {}) const;
  prepared to_post(std::string_view path, const parameters& query,
                   const nlohmann::json& body, std::string_view secret = {},
                   arrives times = arrives::once) const;

  // The calls that are made blocking and otherwise; in api.cpp.
  prepared exchange_of(std::string_view code) const;
  prepared text_of(const std::string& token, std::string_view openid,
                   std::string_view text) const;
  prepared qr_of(const std::string& token, std::string_view scene,
                 std::chrono::seconds lifetime) const;

  /// Blocking.
  result<nlohmann::json> answer_to(prepared call);
  /// `done` runs once, on the client's thread or, when nothing is sent, here.
  void send(prepared call, answer<nlohmann::json> done);

  /// Blocking.
  result<nlohmann::json> get(std::string_view path, const parameters& query,
                             std::string_view secret = {});
  result<nlohmann::json> post(std::string_view path, const parameters& query,
                              const nlohmann::json& body,
                              std::string_view secret = {},
                              arrives times = arrives::once);

  /// Bytes, unless they are JSON, which then tells why there are none.
  result<std::string> get_bytes(std::string_view path, const parameters& query,
                                std::string_view secret, std::size_t max_bytes);

  account who;
  std::function<void(const call_report&)> seen;

private:
  outgoing::request request_to(std::string_view path,
                               const parameters& query) const;
  result<nlohmann::json> judge(const outgoing::result& got,
                               std::string_view secret) const;
  result<nlohmann::json> judge(const std::string& body,
                               std::string_view secret) const;
  result<std::string> judge_bytes(const outgoing::result& got,
                                  std::string_view secret) const;
  std::string told(std::string errmsg, std::string_view secret) const;

  std::shared_ptr<outgoing::client> via_;
  call_timeouts timeouts_;
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
