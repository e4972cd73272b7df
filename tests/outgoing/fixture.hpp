#pragma once
// A client that trusts the test's authority, and servers certified by it.

#include "outgoing/client.hpp"
#include "tests/support/tls_server.hpp"

#include <future>
#include <memory>

#include <gtest/gtest.h>

namespace zhiku::outgoing {

using namespace std::chrono_literals;
using test::answer_of;
using test::tls_peer;
using test::tls_server;

class outgoing_fixture : public testing::Test {
protected:
  static settings trusting() {
    settings how;
    how.ca_file = ca().file();
    return how;
  }

  /// One for all tests: keys take their time.
  static const test::authority& ca() {
    static const test::authority one;
    return one;
  }

  static const test::identity& localhost() {
    static const auto one = ca().issue("localhost");
    return one;
  }

  static request get_of(std::string url) {
    request what;
    what.url = std::move(url);
    what.repeatable = true;
    return what;
  }

  static request post_of(std::string url, std::string body) {
    request what;
    what.by = method::post;
    what.url = std::move(url);
    what.body = std::move(body);
    return what;
  }

  /// Sends; the outcome comes later.
  static std::future<result> started(client& by, request what,
                                     call_id* id = nullptr) {
    auto outcome = std::make_shared<std::promise<result>>();
    auto given = by.send(std::move(what), [outcome](result got) {
      outcome->set_value(std::move(got)); // throws when called twice
    });
    if (id != nullptr)
      *id = given;
    return outcome->get_future();
  }

  /// Serves one request after the other, all alike.
  static tls_server::script always(std::string answer) {
    return [answer](tls_peer& peer) {
      while (peer.read_request() && peer.write(answer)) {
      }
    };
  }

  client client_{trusting()};
};

/// Lets nobody through until `size` are there; then those, and begins anew.
class barrier {
public:
  explicit barrier(int size) : size_(size) {
    // nop
  }

  void pass() {
    std::unique_lock lock{mutex_};
    auto round = round_;
    if (++here_ < size_)
      return changed_.wait(lock, [&] { return round_ != round; });
    here_ = 0;
    ++round_;
    changed_.notify_all();
  }

private:
  const int size_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int here_ = 0;
  int round_ = 0;
};

} // namespace zhiku::outgoing
