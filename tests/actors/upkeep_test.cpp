#include "actors/upkeep.hpp"

#include <atomic>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>
#include <prometheus/registry.h>

namespace zhiku::actors {
namespace {

using domain::instant;
using domain::seconds;

instant at(int second) {
  return instant{seconds{1'800'000'000 + second}};
}

class upkeep_test : public testing::Test {
protected:
  upkeep made_of(std::function<turn(instant)> work) {
    return {workers, counts, {{"chore", std::move(work)}}};
  }

  /// Looks, and waits until what was due is done.
  void look(upkeep& all, instant now) {
    all.look(now);
    std::promise<void> done;
    ASSERT_TRUE(workers.run([&] { done.set_value(); }));
    done.get_future().wait();
  }

  std::shared_ptr<metrics> counts =
    std::make_shared<metrics>(std::make_shared<prometheus::Registry>());
  worker_pool workers{1, 2};
};

TEST_F(upkeep_test, does_a_chore_at_once_and_when_it_asks_for_it) {
  std::vector<instant> done;
  auto all = made_of([&](instant now) {
    done.push_back(now);
    return turn{now + seconds{60}, {}};
  });
  for (auto second : {0, 5, 59, 60, 65})
    look(all, at(second));
  EXPECT_EQ(done, (std::vector<instant>{at(0), at(60)}));
  EXPECT_EQ(counts->upkeep_failures.Value(), 0);
}

TEST_F(upkeep_test, counts_failures_and_goes_on) {
  int calls = 0;
  auto all = made_of([&](instant now) -> turn {
    if (++calls == 1)
      throw std::runtime_error("thrown");
    return {now, calls == 2 ? "failed" : ""};
  });
  look(all, at(0));
  look(all, at(60));
  EXPECT_EQ(calls, 1) << "what throws rests";
  for (auto second : {3600, 3605, 3610})
    look(all, at(second));
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(counts->upkeep_failures.Value(), 2);
}

TEST_F(upkeep_test, does_not_begin_what_is_under_way) {
  std::promise<void> end;
  auto ended = end.get_future().share();
  std::atomic<int> calls{0};
  auto all = made_of([&](instant now) {
    ++calls;
    ended.wait();
    return turn{now + seconds{60}, {}};
  });
  all.look(at(0));
  all.look(at(5));
  all.look(at(10));
  end.set_value();
  look(all, at(15));
  EXPECT_EQ(calls, 1);
}

TEST_F(upkeep_test, what_finds_no_worker_is_handed_over_later) {
  std::promise<void> begin, end;
  auto ended = end.get_future().share();
  ASSERT_TRUE(workers.run([&] {
    begin.set_value();
    ended.wait();
  }));
  begin.get_future().wait();
  while (workers.run([] {})) {
    // until the queue is full
  }
  int calls = 0;
  auto all = made_of([&](instant now) {
    ++calls;
    return turn{now, {}};
  });
  all.look(at(0));
  end.set_value();
  std::promise<void> drained;
  while (!workers.run([&] { drained.set_value(); })) {
    // until the queue has room
  }
  drained.get_future().wait();
  look(all, at(5));
  EXPECT_EQ(calls, 1);
}

TEST_F(upkeep_test, a_closed_pool_takes_nothing) {
  int calls = 0;
  auto all = made_of([&](instant now) {
    ++calls;
    return turn{now, {}};
  });
  workers.close();
  all.look(at(0));
  EXPECT_EQ(calls, 0);
}

} // namespace
} // namespace zhiku::actors
