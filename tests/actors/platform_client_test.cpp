// Calls that do not block, against a real sandbox and a real PostgreSQL.

#include "actors/platform_client.hpp"
#include "tests/actors/message_world.hpp"

#include <future>

namespace zhiku::actors::test {

using std::chrono::seconds;

namespace {

constexpr int many = 100;

/// Collects what calls come to, on whatever thread.
template <class T>
class outcomes {
public:
  wechat::answer<T> taker() {
    return [this](const wechat::result<T>& got) {
      std::lock_guard lock{mutex_};
      all_.push_back(got);
      more_.notify_all();
    };
  }

  /// Waits for `count` of them.
  std::vector<wechat::result<T>> take(std::size_t count) {
    std::unique_lock lock{mutex_};
    EXPECT_TRUE(
      more_.wait_for(lock, seconds{30}, [&] { return all_.size() >= count; }));
    return all_;
  }

private:
  std::mutex mutex_;
  std::condition_variable more_;
  std::vector<wechat::result<T>> all_;
};

} // namespace

struct platform_calls : message_world {
  platform_calls() : platform(account(), client_, tokens, ledger, fetchers) {
    // nop
  }

  ~platform_calls() override {
    fetchers.close();
    client_->stop();
  }

  void make_codes(int count) {
    for (int i = 0; i < count; ++i)
      platform.make_login_qr("login:" + std::to_string(i), seconds{60},
                             codes.taker());
    for (const auto& each : codes.take(static_cast<std::size_t>(count)))
      ASSERT_TRUE(each) << each.error().errmsg;
  }

  int fetches() {
    return get("/control/calls").at("calls").value("stable_token", 0);
  }

  outcomes<wechat::qr_code> codes;
  worker_pool fetchers{1, 10};
  platform_client platform;
};

TEST_F(platform_calls, all_who_find_no_token_wait_for_one_fetch) {
  make_codes(many);
  EXPECT_EQ(fetches(), 1);
}

TEST_F(platform_calls, all_who_are_refused_wait_for_one_new_token) {
  make_codes(1);
  post("/control/revoke-token");
  make_codes(many);
  EXPECT_EQ(fetches(), 2);
}

TEST_F(platform_calls, without_a_token_all_are_told_why) {
  order_fault({{"api", "stable_token"}, {"count", 0}, {"errcode", 40125}});
  for (int i = 0; i < 3; ++i)
    platform.make_login_qr("login:1", seconds{60}, codes.taker());
  for (const auto& each : codes.take(3))
    EXPECT_EQ(each.error().errcode, 40125);
}

TEST_F(platform_calls, with_a_token_no_thread_is_held) {
  ASSERT_TRUE(platform.callback_addresses());
  std::promise<void> free;
  fetchers.run([&] { free.get_future().wait(); });
  make_codes(many);
  outcomes<wechat::visitor> people;
  platform.exchange_code("none", people.taker());
  EXPECT_EQ(people.take(1)[0].error().errcode, 40029);
  outcomes<std::monostate> texts;
  platform.send_text(new_person().openid, "迟到的回答", texts.taker());
  EXPECT_TRUE(texts.take(1)[0]);
  free.set_value();
}

TEST_F(platform_calls, the_ticket_is_fetched_once_and_then_at_hand) {
  outcomes<std::string> tickets;
  for (int i = 0; i < many; ++i)
    platform.get_jsapi_ticket(tickets.taker());
  auto all = tickets.take(many);
  for (const auto& each : all)
    EXPECT_EQ(*each, *all[0]);
  EXPECT_EQ(get("/control/calls").at("calls").value("ticket", 0), 1);
}

} // namespace zhiku::actors::test
