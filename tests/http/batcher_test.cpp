// Work of many threads, done in batches.

#include "http/batcher.hpp"

#include "test_client.hpp"

#include <atomic>
#include <numeric>
#include <set>

using namespace zhiku::http;

namespace {

using numbers = batcher<int>;

/// Runs nothing by itself: a test runs what was asked for.
struct batcher_test : testing::Test {
  std::shared_ptr<numbers> made(numbers::limits most = {3, 5}) {
    return std::make_shared<numbers>(
      most,
      [this](std::function<void()> work, std::function<void()> refuse) {
        if (full)
          return refuse();
        asked.push_back(std::move(work));
      },
      [this](const std::vector<int>& batch) -> numbers::rest {
        if (faulty)
          throw std::runtime_error("a batch that cannot be worked on");
        worked.push_back(batch);
        return [this, batch] { finished.push_back(batch); };
      },
      [this](const std::vector<int>& batch) {
        refused.insert(refused.end(), batch.begin(), batch.end());
      });
  }

  void run_one() {
    ASSERT_FALSE(asked.empty());
    auto work = std::move(asked.front());
    asked.erase(asked.begin());
    work();
  }

  using batches = std::vector<std::vector<int>>;

  bool full = false;
  bool faulty = false;
  std::vector<std::function<void()>> asked;
  batches worked, finished;
  std::vector<int> refused;
};

} // namespace

TEST_F(batcher_test, what_comes_meanwhile_is_the_next_batch) {
  auto all = made();
  for (int i = 1; i <= 4; ++i)
    all->add(i);
  EXPECT_EQ(asked.size(), 1u) << "one at a time";
  run_one();
  EXPECT_EQ(worked, (batches{{1, 2, 3}}));
  EXPECT_EQ(asked.size(), 1u) << "the next was begun";
  all->add(5);
  run_one();
  EXPECT_EQ(worked, (batches{{1, 2, 3}, {4, 5}}));
  EXPECT_EQ(finished, worked);
  EXPECT_TRUE(asked.empty());
  all->add(6);
  run_one();
  EXPECT_EQ(worked.back(), (std::vector<int>{6}));
}

TEST_F(batcher_test, beyond_its_limit_it_refuses) {
  auto all = made();
  for (int i = 1; i <= 7; ++i)
    all->add(i);
  EXPECT_EQ(refused, (std::vector<int>{6, 7}));
}

TEST_F(batcher_test, without_a_worker_it_refuses_what_waits_and_goes_on_later) {
  auto all = made();
  full = true;
  all->add(1);
  EXPECT_EQ(refused, (std::vector<int>{1}));
  full = false;
  for (int i = 2; i <= 5; ++i)
    all->add(i);
  full = true; // when the second batch is to begin
  run_one();
  EXPECT_EQ(finished, (batches{{2, 3, 4}}));
  EXPECT_EQ(refused, (std::vector<int>{1, 5}));
  full = false;
  all->add(6);
  run_one();
  EXPECT_EQ(finished.back(), (std::vector<int>{6}));
}

TEST_F(batcher_test, a_fault_stops_nothing_for_ever) {
  auto all = made({1, 5});
  all->add(1);
  all->add(2);
  faulty = true;
  run_one();
  EXPECT_EQ(refused, (std::vector<int>{2})) << "its own batch is lost";
  faulty = false;
  all->add(3);
  run_one();
  EXPECT_EQ(finished, (batches{{3}}));
}

TEST(batcher_threads, each_item_is_worked_on_once_one_batch_at_a_time) {
  constexpr int adders = 4, each = 5'000;
  std::vector<std::thread> workers;
  std::mutex mutex;
  std::multiset<int> seen;
  std::atomic<int> at_work{0}, most_at_work{0}, done{0};
  auto all = std::make_shared<numbers>(
    numbers::limits{64, adders * each},
    [&](std::function<void()> work, const std::function<void()>&) {
      std::lock_guard lock{mutex};
      workers.emplace_back(std::move(work));
    },
    [&](const std::vector<int>& batch) -> numbers::rest {
      most_at_work = std::max<int>(most_at_work, ++at_work);
      seen.insert(batch.begin(), batch.end());
      --at_work;
      return [&done, count = static_cast<int>(batch.size())] { done += count; };
    },
    [](const auto&) { FAIL() << "there is room"; });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < adders; ++thread)
    threads.emplace_back([&, thread] {
      for (int i = 0; i < each; ++i)
        all->add(thread * each + i);
    });
  for (auto& thread : threads)
    thread.join();
  EXPECT_TRUE(eventually([&] { return done == adders * each; }));
  for (auto& worker : workers)
    worker.join();
  EXPECT_EQ(most_at_work, 1);
  std::multiset<int> wanted;
  for (int i = 0; i < adders * each; ++i)
    wanted.insert(i);
  EXPECT_EQ(seen, wanted);
}
