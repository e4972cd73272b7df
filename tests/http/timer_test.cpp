#include "http/timer.hpp"

#include "test_client.hpp"

#include <atomic>
#include <future>
#include <mutex>

using namespace zhiku::http;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

TEST(timer, what_is_due_earlier_is_not_held_up_by_what_was_there_before) {
  timer clock;
  std::promise<void> late, early;
  clock.after(std::chrono::hours{1}, [&] { late.set_value(); });
  clock.after(milliseconds{1}, [&] { early.set_value(); });
  EXPECT_EQ(early.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(late.get_future().wait_for(milliseconds{0}),
            std::future_status::timeout);
}

TEST(timer, nothing_is_called_before_its_time) {
  timer clock;
  std::promise<steady_clock::time_point> called;
  auto from = steady_clock::now();
  clock.after(milliseconds{25}, [&] { called.set_value(steady_clock::now()); });
  EXPECT_GE(called.get_future().get() - from, milliseconds{25});
}

TEST(timer, each_is_called_once) {
  timer clock;
  std::atomic<int> calls{0};
  constexpr int many = 1'000;
  for (int i = 0; i < many; ++i)
    clock.after(milliseconds{i % 7}, [&] { ++calls; });
  EXPECT_TRUE(eventually([&] { return calls == many; }));
}
