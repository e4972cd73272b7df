#include "wechat/api.hpp"

#include <chrono>
#include <future>
#include <thread>

#include <gtest/gtest.h>
#include <httplib.h>

namespace zhiku::wechat {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

/// Stands where the platform is: gives each call the same answer and keeps
/// what it was asked.
class api_test : public testing::Test {
protected:
  api_test() {
    auto serve = [this](const httplib::Request& request,
                        httplib::Response& response) {
      asked_ = request;
      response.status = status_;
      response.set_content(answer_, content_type_.c_str());
    };
    platform_.Get(".*", serve);
    platform_.Post(".*", serve);
    port_ = platform_.bind_to_any_port("127.0.0.1");
    thread_ = std::thread{[this] { platform_.listen_after_bind(); }};
    api_.emplace(
      account{"wx1", "app-secret", "http://127.0.0.1:" + std::to_string(port_)},
      client_);
    api_->observe([this](const call_report& what) { calls_.push_back(what); });
  }

  ~api_test() override {
    api_.reset();
    client_.reset(); // stopping waits for connections that are kept
    platform_.stop();
    thread_.join();
  }

  void answer(const json& what) {
    answer_ = what.dump();
  }

  std::string parameter(const char* name) const {
    return asked_.get_param_value(name);
  }

  json body() const {
    return json::parse(asked_.body);
  }

  httplib::Request asked_;
  int status_ = 200;
  std::string answer_ = R"({"errcode":0,"errmsg":"ok"})";
  std::string content_type_ = "text/plain";
  std::vector<call_report> calls_;
  std::shared_ptr<outgoing::client> client_ =
    std::make_shared<outgoing::client>();
  std::optional<api> api_;

private:
  httplib::Server platform_;
  int port_ = 0;
  std::thread thread_;
};

} // namespace

// -- people who authorise -----------------------------------------------------

TEST_F(api_test, exchanges_a_code) {
  answer({{"access_token", "at"},
          {"expires_in", 7200},
          {"refresh_token", "rt"},
          {"openid", "o1"},
          {"scope", "snsapi_userinfo"},
          {"unionid", "u1"}});
  auto who = api_->exchange_code("c&1").value();
  EXPECT_EQ(asked_.path, "/sns/oauth2/access_token");
  EXPECT_EQ(parameter("code"), "c&1");
  EXPECT_EQ(parameter("secret"), "app-secret");
  EXPECT_EQ(who.openid, "o1");
  EXPECT_EQ(who.unionid, "u1");
  EXPECT_FALSE(who.is_snapshotuser);
  EXPECT_EQ(who.access_token, "at");
  EXPECT_EQ(who.refresh_token, "rt");
  EXPECT_EQ(who.expires_in, 7200s);
}

TEST_F(api_test, tells_a_snapshot_user) {
  answer({{"openid", "o1"}, {"is_snapshotuser", "1"}});
  EXPECT_TRUE(api_->exchange_code("c")->is_snapshotuser);
}

TEST_F(api_test, refreshes_a_visitor) {
  answer({{"access_token", "at2"}, {"openid", "o1"}, {"scope", "snsapi_base"}});
  EXPECT_EQ(api_->refresh_visitor("rt")->access_token, "at2");
  EXPECT_EQ(asked_.path, "/sns/oauth2/refresh_token");
  EXPECT_EQ(parameter("refresh_token"), "rt");
  EXPECT_EQ(parameter("grant_type"), "refresh_token");
  EXPECT_EQ(parameter("appid"), "wx1");
  EXPECT_FALSE(asked_.has_param("secret"));
}

TEST_F(api_test, reads_a_profile) {
  answer({{"openid", "o1"},
          {"nickname", "张三"},
          {"sex", 0},
          {"headimgurl", "https://p.example/0"},
          {"privilege", json::array()}});
  auto who = api_->visitor_profile("at", "o1").value();
  EXPECT_EQ(asked_.path, "/sns/userinfo");
  EXPECT_EQ(parameter("access_token"), "at");
  EXPECT_EQ(parameter("lang"), "zh_CN");
  EXPECT_EQ(who.nickname, "张三");
  EXPECT_EQ(who.headimgurl, "https://p.example/0");
  EXPECT_EQ(who.unionid, "");
}

TEST_F(api_test, checks_a_visitor) {
  EXPECT_TRUE(api_->check_visitor("at", "o1"));
  EXPECT_EQ(asked_.path, "/sns/auth");
  answer({{"errcode", 40003}, {"errmsg", "invalid openid"}});
  EXPECT_EQ(api_->check_visitor("at", "o1").error().errcode, 40003);
}

// W17: one bad byte in a name hid the whole answer.
TEST_F(api_test, w17_a_bad_byte_hides_no_answer) {
  answer_ = "{\"subscribe\":1,\"openid\":\"OA\",\"nickname\":\"\x14琦🍭\","
            "\"city\":\"\xC9\xF3\",\"remark\":\"a\tb\","
            "\"qr_scene_str\":\"login:1\","
            "\"headimgurl\":\"http:\\/\\/h.example\\/0\"}";
  auto follower = api_->user_info("t", "OA");
  ASSERT_TRUE(follower);
  EXPECT_TRUE(follower->subscribed);
  EXPECT_EQ(follower->openid, "OA");
  EXPECT_EQ(calls_.back().failed, std::nullopt);
  auto who = api_->visitor_profile("at", "OA");
  ASSERT_TRUE(who);
  EXPECT_EQ(who->openid, "OA");
  EXPECT_EQ(who->headimgurl, "http://h.example/0");
}

TEST_F(api_test, w17_others_of_a_batch_are_unharmed) {
  answer_ = "{\"user_info_list\":[{\"subscribe\":1,\"openid\":\"OA\","
            "\"remark\":\"\xC9\xF3\x01\"},"
            "{\"subscribe\":0,\"openid\":\"OB\"}]}";
  const std::vector<std::string> both{"OA", "OB"};
  auto all = api_->user_infos("t", both);
  ASSERT_TRUE(all);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(all->at(0).openid, "OA");
  EXPECT_TRUE(all->at(0).subscribed);
  EXPECT_EQ(all->at(1).openid, "OB");
}

TEST_F(api_test, w17_an_errcode_is_read_beside_a_bad_errmsg) {
  answer_ = "{\"errcode\":40003,\"errmsg\":\"invalid \x14\xC9 openid\"}";
  auto refused = api_->user_info("t", "OA");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, failure::platform);
  EXPECT_EQ(refused.error().errcode, 40003);
}

// -- calls that do not block --------------------------------------------------

namespace {

/// What a call that takes a callback came to.
template <class T, class Call>
result<T> outcome_of(Call call) {
  std::promise<result<T>> told;
  call([&](result<T> outcome) { told.set_value(std::move(outcome)); });
  return told.get_future().get();
}

} // namespace

TEST_F(api_test, exchanges_a_code_without_blocking) {
  answer({{"access_token", "at"}, {"openid", "o1"}});
  auto exchange = [&](auto done) { api_->exchange_code("c&1", done); };
  EXPECT_EQ(outcome_of<visitor>(exchange)->openid, "o1");
  EXPECT_EQ(parameter("code"), "c&1");
  answer({{"errcode", 40029}, {"errmsg", "bad c&1 of app-secret"}});
  auto refused = outcome_of<visitor>(exchange).error();
  EXPECT_EQ(refused.errcode, 40029);
  EXPECT_EQ(refused.errmsg, "bad *** of ***");
  ASSERT_EQ(calls_.size(), 2u);
  EXPECT_FALSE(calls_[0].failed);
  EXPECT_EQ(calls_[1].errcode, 40029);
}

TEST_F(api_test, makes_qr_codes_and_sends_texts_without_blocking) {
  answer({{"ticket", "t"}, {"url", "http://q"}, {"expire_seconds", 60}});
  EXPECT_EQ(outcome_of<qr_code>([&](auto done) {
              api_->create_qr_code("T", "login:7", 60s, done);
            })->url,
            "http://q");
  answer({{"errcode", 0}});
  EXPECT_TRUE(outcome_of<std::monostate>(
    [&](auto done) { api_->send_customer_text("T", "o1", "好", done); }));
  EXPECT_EQ(body().at("text").at("content"), "好");
}

TEST_F(api_test, an_api_may_go_before_its_answer) {
  answer({{"openid", "o1"}});
  EXPECT_EQ(outcome_of<visitor>([&](auto done) {
              api_->exchange_code("c", done);
              api_.reset();
            })->openid,
            "o1");
}

// A kept connection may be dead without anybody's knowing; decision 0012.
TEST_F(api_test, what_must_not_arrive_twice_goes_over_a_new_connection) {
  answer({{"openid", "o1"}});
  ASSERT_TRUE(api_->user_info("T", "o1"));
  auto kept = asked_.remote_port;
  ASSERT_TRUE(api_->user_info("T", "o1"));
  EXPECT_EQ(asked_.remote_port, kept);
  ASSERT_TRUE(api_->send_customer_text("T", "o1", "好"));
  EXPECT_NE(asked_.remote_port, kept);
  ASSERT_TRUE(api_->send_subscription("T", {"o1", "t1", "", {}}));
  EXPECT_NE(asked_.remote_port, kept);
}

// -- messages -----------------------------------------------------------------

TEST_F(api_test, lists_private_templates) {
  answer({{"template_list",
           {{{"template_id", "t1"},
             {"title", "审核结果"},
             {"primary_industry", "x"},
             {"content", "{{thing2.DATA}}"},
             {"example", "e"}}}}});
  auto all = api_->private_templates("T").value();
  EXPECT_EQ(asked_.path, "/cgi-bin/template/get_all_private_template");
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].template_id, "t1");
  EXPECT_EQ(all[0].title, "审核结果");
  EXPECT_EQ(all[0].content, "{{thing2.DATA}}");
  answer({{"template_list", json::array()}});
  EXPECT_TRUE(api_->private_templates("T")->empty());
}

TEST_F(api_test, sends_a_subscription_notice_as_raw_utf_8) {
  EXPECT_TRUE(api_->send_subscription(
    "T", {"o1", "t1", "https://e.example/", {{"thing1", "通过"}}}));
  EXPECT_EQ(asked_.path, "/cgi-bin/message/subscribe/bizsend");
  EXPECT_EQ(parameter("access_token"), "T");
  EXPECT_EQ(body(), (json{{"touser", "o1"},
                          {"template_id", "t1"},
                          {"page", "https://e.example/"},
                          {"data", {{"thing1", {{"value", "通过"}}}}}}));
  EXPECT_NE(asked_.body.find("通过"), std::string::npos);
  answer({{"errcode", "43101"}, {"errmsg", "user refuse"}});
  EXPECT_EQ(api_->send_subscription("T", {}).error().errcode, 43101);
  EXPECT_FALSE(body().contains("page"));
}

// -- media --------------------------------------------------------------------

TEST_F(api_test, gets_a_file_and_tells_what_it_is) {
  content_type_ = "image/png";
  answer_ = std::string{"\xFF\xD8\xFF\xE0\0\0", 6};
  auto file = api_->get_media("T", "m1").value();
  EXPECT_EQ(asked_.path, "/cgi-bin/media/get");
  EXPECT_EQ(parameter("media_id"), "m1");
  EXPECT_EQ(file.bytes, answer_);
  EXPECT_EQ(file.type, "image/jpeg");
}

TEST_F(api_test, gets_a_file_under_a_wrong_content_type) {
  content_type_ = "text/plain";
  answer_ = "\xFF\xD8\xFF\xE0";
  EXPECT_EQ(api_->get_media("T", "m1")->bytes, answer_);
  content_type_ = "application/octet-stream";
  answer_ = "unknown bytes";
  EXPECT_EQ(api_->get_media("T", "m1")->type, "");
}

TEST_F(api_test, reads_the_failure_in_place_of_a_file) {
  for (const auto* type :
       {"text/plain", "application/json; encoding=utf-8", "image/jpeg"}) {
    content_type_ = type;
    answer({{"errcode", 40007}, {"errmsg", "invalid media_id"}});
    EXPECT_EQ(api_->get_media("T", "m1").error().errcode, 40007) << type;
  }
}

TEST_F(api_test, a_text_in_place_of_a_file_is_no_file) {
  for (const std::string odd : {"<html>", "{", R"({"video_url":"x"})", "[]"}) {
    answer_ = odd;
    EXPECT_EQ(api_->get_media("T", "m1").error().kind, failure::malformed)
      << odd;
  }
}

TEST_F(api_test, does_not_take_more_bytes_than_asked) {
  content_type_ = "image/jpeg";
  answer_ = "\xFF\xD8\xFF" + std::string(97, 'x');
  EXPECT_EQ(api_->get_media("T", "m1", 100)->bytes.size(), 100u);
  EXPECT_EQ(api_->get_media("T", "m1", 99).error().kind, failure::malformed);
  // The connection that was broken off is replaced.
  EXPECT_EQ(api_->get_media("T", "m1", 100)->bytes.size(), 100u);
}

// -- followers ----------------------------------------------------------------

TEST_F(api_test, pages_through_the_followers) {
  answer({{"total", 3},
          {"count", 2},
          {"data", {{"openid", {"o1", "o2"}}}},
          {"next_openid", "o2"}});
  auto page = api_->followers("T").value();
  EXPECT_EQ(asked_.path, "/cgi-bin/user/get");
  EXPECT_EQ(parameter("next_openid"), "");
  EXPECT_EQ(page.total, 3);
  EXPECT_EQ(page.openids, (std::vector<std::string>{"o1", "o2"}));
  EXPECT_EQ(page.next_openid, "o2");
  answer({{"total", 3}, {"count", 0}, {"next_openid", "o2"}});
  page = api_->followers("T", "o2").value();
  EXPECT_EQ(parameter("next_openid"), "o2");
  EXPECT_TRUE(page.openids.empty());
  EXPECT_EQ(page.next_openid, "");
}

TEST_F(api_test, reads_many_followers_at_once) {
  answer(
    {{"user_info_list",
      {{{"subscribe", 1}, {"openid", "o1"}, {"subscribe_time", 1700000000}},
       {{"subscribe", 0}, {"openid", "o2"}}}}});
  auto all =
    api_->user_infos("T", std::vector<std::string>{"o1", "o2"}).value();
  EXPECT_EQ(asked_.path, "/cgi-bin/user/info/batchget");
  EXPECT_EQ(body(), (json{{"user_list",
                           {{{"openid", "o1"}, {"lang", "zh_CN"}},
                            {{"openid", "o2"}, {"lang", "zh_CN"}}}}}));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[0].subscribed);
  EXPECT_EQ(all[0].subscribed_at.time_since_epoch(), 1700000000s);
  EXPECT_FALSE(all[1].subscribed);
}

// -- addresses and quotas -----------------------------------------------------

TEST_F(api_test, lists_addresses) {
  answer({{"ip_list", {"106.55.206.146", "101.226.103.0/25"}}});
  EXPECT_EQ(*api_->callback_addresses("T"),
            (std::vector<std::string>{"106.55.206.146", "101.226.103.0/25"}));
  EXPECT_EQ(asked_.path, "/cgi-bin/getcallbackip");
  EXPECT_EQ(api_->api_addresses("T")->size(), 2u);
  EXPECT_EQ(asked_.path, "/cgi-bin/get_api_domain_ip");
  answer({{"ip_list", json::array()}});
  EXPECT_EQ(api_->callback_addresses("T").error().kind, failure::malformed);
}

TEST_F(api_test, clears_the_quota_by_token_or_by_secret) {
  EXPECT_TRUE(api_->clear_quota("T"));
  EXPECT_EQ(asked_.path, "/cgi-bin/clear_quota");
  EXPECT_EQ(body(), (json{{"appid", "wx1"}}));
  EXPECT_TRUE(api_->clear_quota_by_secret());
  EXPECT_EQ(asked_.path, "/cgi-bin/clear_quota/v2");
  EXPECT_FALSE(asked_.has_param("access_token"));
  EXPECT_EQ(body().at("appsecret"), "app-secret");
  EXPECT_EQ(parameter("appsecret"), "app-secret");
}

TEST_F(api_test, reads_a_quota) {
  answer({{"errcode", 0},
          {"quota", {{"daily_limit", 100000}, {"used", 7}, {"remain", 99993}}},
          {"rate_limit", {{"call_count", 10}, {"refresh_second", 60}}}});
  auto left = api_->quota_of("T", "/cgi-bin/message/template/send").value();
  EXPECT_EQ(asked_.path, "/cgi-bin/openapi/quota/get");
  EXPECT_EQ(body(), (json{{"cgi_path", "/cgi-bin/message/template/send"}}));
  EXPECT_EQ(left.daily_limit, 100000);
  EXPECT_EQ(left.used, 7);
  EXPECT_EQ(left.remaining, 99993);
}

// -- the ledger ---------------------------------------------------------------

TEST_F(api_test, reports_each_call_by_its_path) {
  answer({{"openid", "o1"}, {"subscribe", 1}});
  EXPECT_TRUE(api_->user_info("T", "o1"));
  answer({{"errcode", 45009}, {"errmsg", "reach max api daily quota limit"}});
  EXPECT_FALSE(api_->clear_quota("T"));
  answer_ = "<html>";
  EXPECT_FALSE(api_->get_media("T", "m1"));
  status_ = 502;
  EXPECT_FALSE(api_->exchange_code("c"));
  ASSERT_EQ(calls_.size(), 4u);
  EXPECT_EQ(calls_[0].path, "/cgi-bin/user/info");
  EXPECT_FALSE(calls_[0].failed);
  EXPECT_EQ(calls_[0].errcode, 0);
  EXPECT_GT(calls_[0].took.count(), 0);
  EXPECT_EQ(calls_[1].path, "/cgi-bin/clear_quota");
  EXPECT_EQ(calls_[1].failed, failure::platform);
  EXPECT_EQ(calls_[1].errcode, 45009);
  EXPECT_EQ(calls_[2].path, "/cgi-bin/media/get");
  EXPECT_EQ(calls_[2].failed, failure::malformed);
  EXPECT_EQ(calls_[3].path, "/sns/oauth2/access_token");
  EXPECT_EQ(calls_[3].failed, failure::http);
}

TEST_F(api_test, an_observer_can_leave) {
  api_->observe({});
  EXPECT_TRUE(api_->clear_quota("T"));
  EXPECT_TRUE(calls_.empty());
}

TEST(api, reports_what_never_arrived) {
  // Nothing listens on port 1.
  api nowhere{account{"wx1", "s", "http://127.0.0.1:1"},
              std::make_shared<outgoing::client>()};
  std::vector<call_report> calls;
  nowhere.observe([&](const call_report& what) { calls.push_back(what); });
  EXPECT_FALSE(nowhere.stable_token());
  ASSERT_EQ(calls.size(), 1u);
  EXPECT_EQ(calls[0].failed, failure::unreachable);
}

TEST_F(api_test, the_platforms_words_are_kept_without_secrets) {
  answer({{"errcode", 40001},
          {"errmsg", "bad TOKEN-1 of app-secret, TOKEN-1 rid: 1"}});
  EXPECT_EQ(api_->get_ticket("TOKEN-1").error().errmsg,
            "bad *** of ***, *** rid: 1");
}

} // namespace zhiku::wechat
