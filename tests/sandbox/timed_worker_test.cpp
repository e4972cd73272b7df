#include "sandbox/timed_worker.hpp"

#include <future>
#include <vector>

#include <gtest/gtest.h>

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

constexpr auto patience = 10s;

} // namespace

TEST(timed_worker, keeps_the_order_of_what_is_due_together) {
  std::vector<int> done;
  std::promise<void> last;
  timed_worker worker;
  for (int i = 0; i < 5; ++i)
    worker.add([&done, i] { done.push_back(i); });
  worker.add([&last] { last.set_value(); });
  ASSERT_EQ(last.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(done, (std::vector{0, 1, 2, 3, 4}));
}

TEST(timed_worker, does_what_is_due_before_what_came_first) {
  std::vector<int> done;
  std::promise<void> last;
  timed_worker worker;
  worker.add(
    [&] {
      done.push_back(1);
      last.set_value();
    },
    50ms);
  worker.add([&done] { done.push_back(2); });
  ASSERT_EQ(last.get_future().wait_for(patience), std::future_status::ready);
  EXPECT_EQ(done, (std::vector{2, 1}));
}

TEST(timed_worker, drops_what_waits_when_stopped) {
  std::promise<void> ran;
  timed_worker worker;
  worker.add([&ran] { ran.set_value(); }, 1h);
  EXPECT_EQ(worker.pending(), 1u);
  worker.stop();
  EXPECT_EQ(ran.get_future().wait_for(0s), std::future_status::timeout);
}

} // namespace zhiku::sandbox
