// Calls that do not come to their own end, and the client's end.

#include "tests/outgoing/fixture.hpp"

#include <stdexcept>

namespace zhiku::outgoing {

namespace {

/// Takes requests and keeps quiet; tells of each that arrives.
class quiet_server {
public:
  explicit quiet_server(const test::identity& who)
      : server_(who, [this](tls_peer& peer) {
          if (!peer.read_request())
            return;
          {
            std::lock_guard lock{mutex_};
            ++arrived_;
            changed_.notify_all();
          }
          peer.read_request();
        }) {
    // nop
  }

  std::string url() const {
    return server_.origin() + "/";
  }

  void wait_for_requests(int count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return arrived_ >= count; });
  }

  int arrived() {
    std::lock_guard lock{mutex_};
    return arrived_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  tls_server server_;
};

errc code_of(std::future<result>& one) {
  auto got = one.get();
  EXPECT_FALSE(got);
  return got ? errc::broken : got.error().code;
}

class lifecycle : public outgoing_fixture {
protected:
  static settings narrow(std::size_t parallel, std::size_t most) {
    auto how = trusting();
    how.parallel_per_origin = parallel;
    how.calls_per_origin = most;
    return how;
  }

  quiet_server quiet_{localhost()};
};

} // namespace

TEST_F(lifecycle, too_many_calls_to_one_origin_are_refused_early) {
  client by{narrow(2, 2)};
  tls_server other{localhost(), always(answer_of("ok"))};
  auto first = started(by, get_of(quiet_.url()));
  auto second = started(by, get_of(quiet_.url()));
  auto third = started(by, get_of(quiet_.url()));
  EXPECT_EQ(code_of(third), errc::busy);
  EXPECT_TRUE(by.wait_for(get_of(other.origin() + "/")))
    << "another origin is not concerned";
  by.stop();
  EXPECT_EQ(code_of(first), errc::stopped);
}

TEST_F(lifecycle, a_call_on_the_wire_can_be_cancelled) {
  call_id id = 0;
  auto one = started(client_, get_of(quiet_.url()), &id);
  quiet_.wait_for_requests(1);
  client_.cancel(id);
  auto got = one.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::cancelled);
  EXPECT_TRUE(got.error().may_have_arrived);
  client_.cancel(id);     // has ended
  client_.cancel(12'345); // never was
  EXPECT_EQ(client_.under_way(), 0u);
}

TEST_F(lifecycle, a_waiting_call_can_be_cancelled_and_never_arrives) {
  client by{narrow(1, 10)};
  call_id first_id = 0, second_id = 0;
  auto first = started(by, get_of(quiet_.url()), &first_id);
  quiet_.wait_for_requests(1);
  auto second = started(by, get_of(quiet_.url()), &second_id);
  auto third = started(by, get_of(quiet_.url()));
  by.cancel(second_id);
  auto got = second.get();
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::cancelled);
  EXPECT_FALSE(got.error().may_have_arrived);
  by.cancel(first_id);
  quiet_.wait_for_requests(2); // the third's turn
  by.stop();
  EXPECT_EQ(code_of(first), errc::cancelled);
  EXPECT_EQ(code_of(third), errc::stopped);
  EXPECT_EQ(quiet_.arrived(), 2);
}

TEST_F(lifecycle, waiting_for_ones_turn_takes_of_ones_time) {
  client by{narrow(1, 10)};
  auto first = started(by, get_of(quiet_.url()));
  quiet_.wait_for_requests(1);
  auto what = get_of(quiet_.url());
  what.within.total = 50ms;
  auto got = by.wait_for(what);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, errc::timed_out);
  EXPECT_FALSE(got.error().may_have_arrived);
  EXPECT_EQ(quiet_.arrived(), 1);
}

TEST_F(lifecycle, stopping_ends_each_call_exactly_once) {
  std::vector<std::future<result>> all;
  client by{narrow(5, 100)};
  for (int i = 0; i < 20; ++i)
    all.push_back(started(by, get_of(quiet_.url())));
  quiet_.wait_for_requests(5);
  by.stop();
  for (auto& one : all)
    EXPECT_EQ(code_of(one), errc::stopped);
  auto late = started(by, get_of(quiet_.url()));
  EXPECT_EQ(code_of(late), errc::stopped);
  by.stop();
  EXPECT_EQ(by.under_way(), 0u);
}

TEST_F(lifecycle, a_waiting_thread_is_let_go_when_the_client_stops) {
  auto waiter = std::async(
    std::launch::async, [&] { return client_.wait_for(get_of(quiet_.url())); });
  quiet_.wait_for_requests(1);
  client_.stop();
  EXPECT_EQ(code_of(waiter), errc::stopped);
}

TEST_F(lifecycle, callbacks_may_send_but_not_wait) {
  tls_server server{localhost(), always(answer_of("ok"))};
  std::promise<result> waited, sent;
  client_.send(get_of(server.origin() + "/"), [&](const result&) {
    waited.set_value(client_.wait_for(get_of(server.origin() + "/")));
    client_.send(get_of(server.origin() + "/"),
                 [&](result got) { sent.set_value(std::move(got)); });
  });
  auto first = waited.get_future();
  EXPECT_EQ(code_of(first), errc::invalid_request);
  EXPECT_TRUE(sent.get_future().get());
}

TEST_F(lifecycle, a_callback_that_throws_harms_nobody) {
  tls_server server{localhost(), always(answer_of("ok"))};
  client_.send(get_of(server.origin() + "/"),
               [](const result&) { throw std::runtime_error{"mistake"}; });
  EXPECT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
}

namespace {

/// Adds up what it is told.
class counting : public observer {
public:
  void under_way(int change) override {
    under_way_ += change;
  }
  void on_wire(int change) override {
    on_wire_ += change;
  }
  void failed(errc why) override {
    std::lock_guard lock{mutex_};
    ++failures_[why];
  }

  std::atomic<int> under_way_{0};
  std::atomic<int> on_wire_{0};
  std::map<errc, int> failures_;

private:
  std::mutex mutex_;
};

} // namespace

TEST_F(lifecycle, what_becomes_of_calls_is_told) {
  auto told = std::make_shared<counting>();
  auto how = narrow(1, 2);
  how.seen_by = told;
  client by{how};
  auto first = started(by, get_of(quiet_.url()));
  quiet_.wait_for_requests(1);
  auto second = started(by, get_of(quiet_.url()));
  auto third = started(by, get_of(quiet_.url()));
  EXPECT_EQ(code_of(third), errc::busy);
  EXPECT_EQ(told->under_way_, 2);
  EXPECT_EQ(told->on_wire_, 1);
  by.stop();
  EXPECT_EQ(told->under_way_, 0);
  EXPECT_EQ(told->on_wire_, 0);
  auto late = started(by, get_of(quiet_.url()));
  EXPECT_EQ(code_of(late), errc::stopped);
  EXPECT_EQ(told->failures_,
            (std::map<errc, int>{{errc::busy, 1}, {errc::stopped, 3}}));
}

} // namespace zhiku::outgoing
