#include "actors/shared_fetch.hpp"

#include <atomic>
#include <future>
#include <stdexcept>

#include <gtest/gtest.h>

namespace zhiku::actors {

namespace {

/// Fetches that end when the test says so.
class shared_fetch_test : public testing::Test {
protected:
  wechat::result<std::string> fetch(const std::string& key) {
    ++begun_;
    go_on_.get_future().wait();
    go_on_ = {};
    if (key == "broken")
      throw std::runtime_error{"broken"};
    return "text of " + key;
  }

  /// Asks for `key`; the answer goes to the list.
  void ask(const std::string& key) {
    fetches_.get(key, [this](const shared_fetch::outcome& got) {
      answers_.push_back(got ? *got : "failed: " + got.error().errmsg);
    });
  }

  /// Lets one fetch go on, and waits for what was begun.
  void end() {
    go_on_.set_value();
    threads_.close();
  }

  std::atomic<int> begun_{0};
  std::promise<void> go_on_;
  std::vector<std::string> answers_;
  worker_pool threads_{1, 1};
  shared_fetch fetches_{threads_,
                        [this](const std::string& key) { return fetch(key); }};
};

} // namespace

TEST_F(shared_fetch_test, all_who_ask_meanwhile_share_one) {
  for (int i = 0; i < 300; ++i)
    ask("a");
  fetches_.get("a", {});
  end();
  EXPECT_EQ(begun_, 1);
  EXPECT_EQ(answers_, std::vector<std::string>(300, "text of a"));
}

TEST_F(shared_fetch_test, a_failure_is_told_to_all) {
  ask("broken");
  ask("broken");
  end();
  EXPECT_EQ(answers_, std::vector<std::string>(2, "failed: broken"));
}

TEST(shared_fetch, a_full_pool_refuses_at_once) {
  std::promise<void> free;
  worker_pool busy{1, 1};
  std::promise<void> taken;
  busy.run([&] {
    taken.set_value();
    free.get_future().wait();
  });
  taken.get_future().wait();
  busy.run([] {});
  shared_fetch fetches{busy, [](const std::string& key) {
                         return wechat::result<std::string>{key};
                       }};
  std::vector<wechat::failure> failures;
  for (int i = 0; i < 2; ++i)
    fetches.get("a",
                [&](const auto& got) { failures.push_back(got.error().kind); });
  EXPECT_EQ(failures,
            std::vector<wechat::failure>(2, wechat::failure::unreachable));
  free.set_value();
}

TEST(shared_fetch, another_text_is_another_fetch) {
  std::vector<std::string> fetched;
  worker_pool threads{1, 10};
  shared_fetch fetches{threads, [&](const std::string& key) {
                         fetched.push_back(key);
                         return wechat::result<std::string>{key};
                       }};
  std::promise<void> first;
  fetches.get("a", [&](const auto&) { first.set_value(); });
  first.get_future().wait();
  fetches.get("a", {});
  fetches.get("b", {});
  threads.close();
  EXPECT_EQ(fetched, (std::vector<std::string>{"a", "a", "b"}));
}

} // namespace zhiku::actors
