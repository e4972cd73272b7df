#pragma once
// A sandbox on a free port, steered through its control API.

#include "sandbox/server.hpp"
#include "wechat/api.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>

namespace zhiku::sandbox {

using nlohmann::json;

/// Polls until `done` or 10 s have passed; whether it came true.
inline bool eventually(const std::function<bool()>& done) {
  auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

class sandbox_fixture : public testing::Test {
protected:
  explicit sandbox_fixture(settings how = quick())
      : how_(how), running_(server::start(how).value()), http_(base()) {
    http_.set_keep_alive(true);
    http_.set_tcp_nodelay(true);
  }

  /// Any port, no callback, and no patience.
  static settings quick() {
    settings how;
    how.port = 0;
    how.callback = "http://127.0.0.1:1/";
    how.push_patience = std::chrono::milliseconds{300};
    how.push_retry_after = std::chrono::milliseconds{20};
    how.sms_report_delay = {};
    how.sms_report_retries = {std::chrono::milliseconds{20}};
    how.threads = 16;
    return how;
  }

  std::string base() const {
    return "http://127.0.0.1:" + std::to_string(running_.port());
  }

  wechat::account account() const {
    return {how_.app_id, how_.app_secret, base(), base(), base()};
  }

  json post(const std::string& path, const json& body = json::object()) {
    auto answer = http_.Post(path, body.dump(), "application/json");
    EXPECT_TRUE(answer);
    return answer ? json::parse(answer->body) : json{};
  }

  json get(const std::string& path) {
    auto answer = http_.Get(path);
    EXPECT_TRUE(answer);
    return answer ? json::parse(answer->body) : json{};
  }

  /// A call of the platform's with a good token.
  json api_post(const std::string& path, const json& body) {
    return post(path + "?access_token=" + token(), body);
  }

  json api_get(const std::string& path, const std::string& query = {}) {
    return get(path + "?access_token=" + token() + query);
  }

  std::string token() {
    return post("/cgi-bin/stable_token", {{"grant_type", "client_credential"},
                                          {"appid", how_.app_id},
                                          {"secret", how_.app_secret}})
      .at("access_token")
      .get<std::string>();
  }

  static int errcode_of(const json& answer) {
    return answer.value("errcode", 0);
  }

  void change_options(const json& what) {
    http_.Put("/control/options", what.dump(), "application/json");
  }

  std::string new_follower(const std::string& nickname = "张三") {
    return post("/control/followers", {{"nickname", nickname}})
      .at("openid")
      .get<std::string>();
  }

  void advance(std::chrono::seconds by) {
    post("/control/clock", {{"advance_s", by.count()}});
  }

  json chat_of(const std::string& openid) {
    return get("/control/followers/" + openid + "/messages").at("messages");
  }

  settings how_;
  server running_;
  httplib::Client http_;
  std::shared_ptr<outgoing::client> client_ =
    std::make_shared<outgoing::client>();
};

} // namespace zhiku::sandbox
