#include "tests/sandbox/fixture.hpp"

#include "wechat/callback.hpp"
#include "wechat/reply.hpp"

#include <atomic>
#include <mutex>
#include <vector>

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

constexpr const char* key_text = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";

wechat::callback::instant now() {
  return std::chrono::floor<std::chrono::microseconds>(
    std::chrono::system_clock::now());
}

/// A callback server that verifies as ours does and answers texts with an
/// echo.
class listener {
public:
  explicit listener(wechat::push_mode mode)
      : gate_(wechat::callback::of(
                {settings{}.app_id, settings{}.token, mode, key_text, {}, {}})
                .value()) {
    http_.Post("/wechat/callback", [this](const httplib::Request& request,
                                          httplib::Response& response) {
      serve(request, response);
    });
    http_.Get("/wechat/callback", [this](const httplib::Request& request,
                                         httplib::Response& response) {
      auto echo = gate_.verify_get(request.params);
      response.status = echo ? 200 : 403;
      response.set_content(echo.value_or(""), "text/plain");
    });
    port_ = http_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { http_.listen_after_bind(); }};
    eventually([this] { return http_.is_running(); });
  }

  ~listener() {
    http_.stop();
    thread_.join();
  }

  std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/wechat/callback";
  }

  std::vector<wechat::push> pushes() const {
    std::lock_guard lock{guard_};
    return pushes_;
  }

  std::vector<std::string> signatures() const {
    std::lock_guard lock{guard_};
    return signatures_;
  }

  /// The next pushes are not answered in time.
  void hang(int count) {
    hanging_ = count;
  }

private:
  void serve(const httplib::Request& request, httplib::Response& response) {
    auto got = gate_.verify_post(request.params, request.body, now());
    if (!got) {
      response.status = 403;
      return;
    }
    {
      std::lock_guard lock{guard_};
      pushes_.push_back(got->what);
      signatures_.push_back(request.get_param_value("signature"));
    }
    if (hanging_.fetch_sub(1) > 0)
      std::this_thread::sleep_for(500ms);
    response.set_content(answer_to(*got), "text/xml");
  }

  std::string answer_to(const wechat::received& got) const {
    if (got.what.is_event())
      return "success";
    auto xml = wechat::text_reply(got.what, "回声：" + got.what.content, {});
    return gate_.reply_body(got, xml, now());
  }

  wechat::callback gate_;
  httplib::Server http_;
  int port_ = 0;
  std::thread thread_;
  std::atomic<int> hanging_{0};
  mutable std::mutex guard_;
  std::vector<wechat::push> pushes_;
  std::vector<std::string> signatures_;
};

class pushing : public testing::TestWithParam<wechat::push_mode>,
                public listener {
protected:
  pushing() : listener(GetParam()) {
    // nop
  }
};

/// Fixture of a sandbox that calls `at` in `mode`.
class caller : public sandbox_fixture {
public:
  caller(const listener& at, wechat::push_mode mode)
      : sandbox_fixture(calling(at, mode)) {
    // nop
  }

  /// Of a sandbox whose callback is not there.
  explicit caller(wechat::push_mode mode) : sandbox_fixture(in_mode(mode)) {
    // nop
  }

  using sandbox_fixture::account;
  using sandbox_fixture::change_options;
  using sandbox_fixture::chat_of;
  using sandbox_fixture::client_;
  using sandbox_fixture::get;
  using sandbox_fixture::new_follower;
  using sandbox_fixture::post;

private:
  static settings calling(const listener& at, wechat::push_mode mode) {
    auto how = in_mode(mode);
    how.callback = at.url();
    return how;
  }

  static settings in_mode(wechat::push_mode mode) {
    auto how = quick();
    how.mode = mode;
    how.encoding_aes_key = key_text;
    return how;
  }

  void TestBody() override {
    // nop
  }
};

} // namespace

TEST_P(pushing, carries_events_and_brings_back_replies) {
  caller sandbox{*this, GetParam()};
  auto openid = sandbox.new_follower();
  sandbox.post("/control/followers/" + openid + "/text",
               {{"content", "你好 ]]>"}});
  ASSERT_TRUE(eventually([&] { return !sandbox.chat_of(openid).empty(); }));
  EXPECT_EQ(sandbox.chat_of(openid)[0].at("text"), "回声：你好 ]]>");
  auto got = pushes();
  ASSERT_EQ(got.size(), 2u);
  EXPECT_EQ(got[0].event, "subscribe");
  EXPECT_EQ(got[0].from_user, openid);
  EXPECT_EQ(got[1].msg_type, "text");
}

TEST_P(pushing, carries_scenes_and_keys) {
  caller sandbox{*this, GetParam()};
  wechat::api api{sandbox.account(), sandbox.client_};
  auto token = api.stable_token().value().token;
  auto code = api.create_qr_code(token, "login:7", 60s).value();
  auto openid = sandbox.new_follower();
  auto path = "/control/followers/" + openid;
  sandbox.post(path + "/scan", {{"key", "login:7"}});
  sandbox.post(path + "/unsubscribe");
  sandbox.post(path + "/scan", {{"key", code.ticket}});
  sandbox.post(path + "/click", {{"key", "HELP"}});
  ASSERT_TRUE(eventually([&] { return pushes().size() == 5; }));
  auto got = pushes();
  EXPECT_EQ(got[1].event, "SCAN");
  EXPECT_EQ(got[1].scene(), "login:7");
  EXPECT_EQ(got[1].ticket, code.ticket);
  EXPECT_EQ(got[2].event, "unsubscribe");
  EXPECT_EQ(got[3].event, "subscribe");
  EXPECT_EQ(got[3].scene(), "login:7");
  EXPECT_EQ(got[4].event_key, "HELP");
}

TEST_P(pushing, reports_templates) {
  caller sandbox{*this, GetParam()};
  wechat::api api{sandbox.account(), sandbox.client_};
  auto openid = sandbox.new_follower();
  sandbox.post("/control/faults", {{"api", "template_report"},
                                   {"status", "failed:user block"},
                                   {"duplicate", true}});
  auto token = api.stable_token().value().token;
  auto msgid =
    api.send_template(token, {openid, "sandbox-x", {}, "1", {{"thing1", "a"}}})
      .value();
  ASSERT_TRUE(eventually([&] { return pushes().size() == 3; }));
  auto got = pushes();
  EXPECT_EQ(got[1].msg_id, msgid);
  EXPECT_EQ(got[1].status, "failed:user block");
  EXPECT_EQ(got[1].dedup_key(), got[2].dedup_key());
}

TEST_P(pushing, tries_again_when_no_answer_comes) {
  caller sandbox{*this, GetParam()};
  hang(1);
  auto openid = sandbox.new_follower();
  ASSERT_TRUE(eventually([&] { return pushes().size() == 2; }));
  EXPECT_EQ(pushes()[0].dedup_key(), pushes()[1].dedup_key());
  EXPECT_TRUE(eventually(
    [&] { return sandbox.get("/control/calls").at("pushes_pending") == 0; }));
}

TEST_P(pushing, shows_trouble_after_the_last_try) {
  caller sandbox{*this, GetParam()};
  hang(4);
  auto openid = sandbox.new_follower();
  auto all = "/control/followers/" + openid + "/messages?all=1";
  ASSERT_TRUE(
    eventually([&] { return !sandbox.get(all).at("messages").empty(); }));
  EXPECT_EQ(pushes().size(), 4u);
  EXPECT_EQ(sandbox.get(all).at("messages")[0].at("kind"), "error");
}

// PROTOCOL 1.1
TEST_P(pushing, begins_with_the_consoles_verification) {
  caller sandbox{*this, GetParam()};
  EXPECT_EQ(sandbox.post("/control/verify-callback").at("verified"), true);
  caller elsewhere{GetParam()};
  EXPECT_EQ(elsewhere.post("/control/verify-callback").at("verified"), false);
}

// PROTOCOL 10: subscribe after its own unsubscribe.
TEST_P(pushing, arrive_out_of_order_when_held) {
  caller sandbox{*this, GetParam()};
  sandbox.post("/control/faults", {{"api", "push"}, {"hold", true}});
  auto openid = sandbox.new_follower();
  sandbox.post("/control/followers/" + openid + "/unsubscribe");
  ASSERT_TRUE(eventually([&] { return pushes().size() == 1; }));
  EXPECT_EQ(sandbox.get("/control/calls").at("pushes_held"), 1);
  sandbox.post("/control/pushes/release");
  ASSERT_TRUE(eventually([&] { return pushes().size() == 2; }));
  EXPECT_EQ(pushes()[0].event, "unsubscribe");
  EXPECT_EQ(pushes()[1].event, "subscribe");
  EXPECT_LE(pushes()[1].create_time, pushes()[0].create_time);
}

// PROTOCOL 10: TEMPLATESENDJOBFINISH before the send answer.
TEST_P(pushing, reports_before_the_answer_when_ordered) {
  caller sandbox{*this, GetParam()};
  auto openid = sandbox.new_follower();
  sandbox.post("/control/faults",
               {{"api", "template_report"}, {"first", true}});
  wechat::api api{sandbox.account(), sandbox.client_};
  auto token = api.stable_token().value().token;
  auto sent =
    api.send_template(token, {openid, "sandbox-x", {}, "1", {{"thing1", "a"}}});
  auto got = pushes();
  ASSERT_FALSE(got.empty());
  EXPECT_EQ(got.back().msg_id, *sent);
}

TEST_P(pushing, repeats_signatures_when_told) {
  caller sandbox{*this, GetParam()};
  sandbox.change_options({{"repeat_signatures", true}});
  hang(1);
  sandbox.new_follower();
  ASSERT_TRUE(eventually([&] { return pushes().size() == 2; }));
  EXPECT_EQ(signatures()[0], signatures()[1]);
  sandbox.change_options({{"repeat_signatures", false}});
  hang(1);
  sandbox.new_follower();
  ASSERT_TRUE(eventually([&] { return pushes().size() == 4; }));
  EXPECT_NE(signatures()[2], signatures()[3]);
}

TEST_P(pushing, carries_any_event) {
  caller sandbox{*this, GetParam()};
  auto openid = sandbox.new_follower();
  auto path = "/control/followers/" + openid;
  sandbox.post(path + "/event",
               {{"event", "scancode_waitmsg"},
                {"event_key", "SCAN"},
                {"other", {{"ScanCodeInfo/ScanResult", "42"}}}});
  sandbox.post(path + "/view", {{"url", "http://a.example/"}});
  sandbox.post(path + "/consent", {{"template_id", "T"}});
  sandbox.post(path + "/withdraw-consent", {{"template_id", "T"}});
  ASSERT_TRUE(eventually([&] { return pushes().size() == 5; }));
  auto got = pushes();
  EXPECT_EQ(got[1].other.at("ScanCodeInfo/ScanResult"), "42");
  EXPECT_EQ(got[2].event, "VIEW");
  EXPECT_EQ(got[2].event_key, "http://a.example/");
  EXPECT_EQ(got[3].other.at("SubscribeMsgPopupEvent/List/TemplateId"), "T");
  EXPECT_EQ(got[3].other.at("SubscribeMsgPopupEvent/List/PopupScene"), "1");
  EXPECT_EQ(
    got[4].other.at("SubscribeMsgChangeEvent/List/SubscribeStatusString"),
    "reject");
}

INSTANTIATE_TEST_SUITE_P(modes, pushing,
                         testing::Values(wechat::push_mode::plain,
                                         wechat::push_mode::compatible,
                                         wechat::push_mode::safe),
                         [](const auto& instance) {
                           switch (instance.param) {
                           case wechat::push_mode::plain:
                             return std::string{"plain"};
                           case wechat::push_mode::compatible:
                             return std::string{"compatible"};
                           default:
                             return std::string{"safe"};
                           }
                         });

} // namespace zhiku::sandbox
