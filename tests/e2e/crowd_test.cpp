// Many people at once, from the menu to their session: our server and the
// sandbox in this process, a real PostgreSQL, browsers that follow redirects.

#include "app/platform_wiring.hpp"
#include "app/wiring.hpp"
#include "outgoing/client.hpp"
#include "sandbox/server.hpp"
#include "tests/fault/process.hpp"
#include "tests/support/settings.hpp"
#include "tests/support/test_database.hpp"

#include <chrono>
#include <condition_variable>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include <gtest/gtest.h>
#include <httplib.h>
#include <nlohmann/json.hpp>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace zhiku::e2e {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr auto config_file = ZHIKU_SOURCE_DIR "/config/dev.toml";
constexpr std::size_t people = 300;
constexpr int latency_ms = 200;
constexpr auto patience = 60s;

std::string local(int port) {
  return "http://127.0.0.1:" + std::to_string(port);
}

sandbox::settings platform_settings() {
  std::string problem;
  auto how = sandbox::load_settings(config_file, {}, problem);
  if (!how)
    throw std::runtime_error(problem);
  how->port = 0;
  how->callback = "http://127.0.0.1:1/"; // nobody waits for pushes here
  how->push_retries = 0;
  return *how;
}

config::settings server_settings(const std::string& dsn, int port,
                                 const std::string& platform) {
  return tests::development_settings(
    {{"ZHIKU_DATABASE_DSN", dsn},
     {"ZHIKU_HTTP_PORT", std::to_string(port)},
     {"ZHIKU_HTTP_PUBLIC_BASE_URL", local(port)},
     {"ZHIKU_WECHAT_API_BASE", platform},
     {"ZHIKU_WECHAT_OPEN_BASE", platform},
     {"ZHIKU_WECHAT_MP_BASE", platform},
     {"ZHIKU_SMS_BASE_URL", platform}});
}

/// What people's browsers come to.
class arrivals {
public:
  void note(int status) {
    std::lock_guard lock{mutex_};
    ++by_status_[status];
    ++count_;
    changed_.notify_all();
  }

  /// Waits for `count` of them; how many ended with each status.
  std::map<int, std::size_t> take(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return count_ >= count; });
    return by_status_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<int, std::size_t> by_status_;
  std::size_t count_ = 0;
};

/// One person's browser inside WeChat.
class browser : public std::enable_shared_from_this<browser> {
public:
  browser(outgoing::client& by, std::string site, arrivals& seen)
      : by_(by), site_(std::move(site)), seen_(seen) {
    // nop
  }

  void set_cookie(const std::string& origin, const std::string& cookie) {
    auto at = cookie.find('=');
    cookies_[origin][cookie.substr(0, at)] =
      cookie.substr(at + 1, cookie.find(';') - at - 1);
  }

  /// Taps the menu, goes where that leads, and asks who is logged in; notes
  /// the status of the last answer, 0 for none.
  void enter() {
    visit(site_ + "/wechat/enter?to=/h5/");
  }

private:
  static std::string origin_of(const std::string& url) {
    return url.substr(0, url.find('/', url.find("://") + 3));
  }

  void visit(const std::string& url) {
    auto origin = origin_of(url);
    outgoing::request what;
    what.url = url.substr(0, url.find('#'));
    what.repeatable = true;
    what.within.total = patience;
    what.within.slow_for = 0s;
    std::string line;
    for (const auto& [name, value] : cookies_[origin])
      line += (line.empty() ? "" : "; ") + name + '=' + value;
    if (!line.empty())
      what.headers = {{"Cookie", line}};
    by_.send(std::move(what),
             [self = shared_from_this(), origin](const outgoing::result& got) {
               if (!got)
                 return self->seen_.note(0);
               self->take(origin, *got);
             });
  }

  void take(const std::string& origin, const outgoing::response& got) {
    for (const auto& [name, value] : got.headers)
      if (name == "set-cookie")
        set_cookie(origin, value);
    auto where = std::string{got.header("location")};
    if (where == "/h5/")
      return visit(site_ + "/api/v1/me");
    if (where.empty())
      return seen_.note(got.status);
    visit(where.starts_with('/') ? origin + where : where);
  }

  outgoing::client& by_;
  const std::string site_;
  arrivals& seen_;
  std::map<std::string, std::map<std::string, std::string>> cookies_;
};

/// Our server as `serve` makes it, and the platform beside it.
class crowd : public testing::Test {
protected:
  crowd() {
    http::api_dependencies with{system_,
                                readers_,
                                keys_,
                                gate_,
                                app::api_of(how_),
                                {},
                                [] {
                                  return http::readiness{true, {}};
                                },
                                [] { return std::string{}; },
                                registry_};
    app::offer_platform(with, system_, how_);
    site_.emplace(app::server_of(how_), http::make_api(std::move(with)));
    EXPECT_TRUE(site_->start());
    steering_.set_keep_alive(true);
    steering_.set_tcp_nodelay(true);
  }

  ~crowd() override {
    site_->stop(5s);
    system_.stop(5s);
  }

  json steer(const std::string& path, const json& body) {
    auto answer = steering_.Post(path, body.dump(), "application/json");
    EXPECT_TRUE(answer);
    return answer ? json::parse(answer->body) : json{};
  }

  json calls() {
    return json::parse(steering_.Get("/control/calls")->body);
  }

  std::string metrics() {
    return prometheus::TextSerializer{}.Serialize(registry_->Collect());
  }

  std::string new_follower() {
    return steer("/control/followers", {{"nickname", "李明"}})
      .at("openid")
      .get<std::string>();
  }

  zhiku::test::test_database database_;
  sandbox::server platform_ =
    sandbox::server::start(platform_settings()).value();
  httplib::Client steering_{local(platform_.port())};
  config::settings how_ = server_settings(database_.dsn(), fault::free_port(),
                                          local(platform_.port()));
  persistence::vault keys_{app::key_ring_of(how_)};
  persistence::pool readers_{how_.database.dsn, 4};
  wechat::callback gate_ = wechat::callback::of(app::callback_of(how_)).value();
  std::shared_ptr<prometheus::Registry> registry_ =
    std::make_shared<prometheus::Registry>();
  actors::system system_{app::system_of(how_), keys_, registry_};
  std::optional<http::server> site_;
};

} // namespace

// All OAuth exchanges had gone through two threads, so that a slow platform
// let ten people a second in.
TEST_F(crowd, three_hundred_enter_at_once_while_the_platform_is_slow) {
  arrivals seen;
  outgoing::client phones{
    {.calls_per_origin = people, .parallel_per_origin = people}};
  std::vector<std::shared_ptr<browser>> all;
  for (std::size_t i = 0; i < people; ++i) {
    all.push_back(
      std::make_shared<browser>(phones, local(site_->port()), seen));
    all.back()->set_cookie(local(platform_.port()),
                           "sandbox_openid=" + new_follower());
  }
  steer("/control/faults",
        {{"api", "oauth"}, {"count", 0}, {"latency_ms", latency_ms}});
  auto begun = std::chrono::steady_clock::now();
  for (const auto& one : all)
    one->enter();
  auto ended = seen.take(people);
  auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
    std::chrono::steady_clock::now() - begun);
  EXPECT_EQ(ended, (std::map<int, std::size_t>{{200, people}}));
  auto told = calls();
  auto at_once = told.at("most_calls_at_once").get<std::size_t>();
  EXPECT_EQ(told.at("calls").at("oauth"), people);
  EXPECT_GT(at_once, 2u);
  EXPECT_LE(at_once, outgoing::settings{}.parallel_per_origin);
  EXPECT_NE(metrics().find("zhiku_outgoing_calls "), std::string::npos);
  std::cout << people << " people are inside after " << took.count()
            << " ms; the platform saw at most " << at_once
            << " calls at once\n";
  phones.stop();
}

} // namespace zhiku::e2e
