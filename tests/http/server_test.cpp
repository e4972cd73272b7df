#include "tests/http/test_client.hpp"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <vector>

namespace zhiku::http {

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;

const std::string get_a = "GET /a HTTP/1.1\r\nHost: x\r\n\r\n";

std::string get(const std::string& path, const std::string& headers = "") {
  return "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n";
}

std::string post(const std::string& headers, const std::string& body) {
  return "POST /p HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n" + body;
}

/// Keeps responders by path, so that a test answers when it wants.
class waiting_room {
public:
  void enter(std::string path, responder waiting) {
    const std::lock_guard guard{mutex_};
    waiting_.emplace(std::move(path), std::move(waiting));
  }

  bool holds(std::size_t count) {
    const std::lock_guard guard{mutex_};
    return waiting_.size() == count;
  }

  responder take(const std::string& path) {
    const std::lock_guard guard{mutex_};
    auto taken = waiting_.at(path);
    waiting_.erase(path);
    return taken;
  }

private:
  std::mutex mutex_;
  std::map<std::string, responder> waiting_;
};

class server_test : public ::testing::Test {
protected:
  /// Answers with the method, the path and the body.
  static void echo(const request& asked, const responder& right) {
    right.complete(
      response::text(200, asked.method + " " + asked.path + " " + asked.body));
  }

  void start(handler handle = echo) {
    options.address = "127.0.0.1";
    options.port = 0;
    door = std::make_unique<server>(options, std::move(handle));
    ASSERT_TRUE(door->start().ok());
  }

  void start_deferred() {
    start([this](const request& asked, responder right) {
      room.enter(asked.path, std::move(right));
    });
  }

  test_client connect() {
    return test_client{door->port()};
  }

  /// The status of the only answer to `bytes` on a new connection.
  int status_of(const std::string& bytes) {
    auto client = connect();
    client.send(bytes);
    return client.receive().status;
  }

  waiting_room room;
  server_options options;
  std::unique_ptr<server> door;
};

// -- connections --------------------------------------------------------------

TEST_F(server_test, keeps_a_connection_alive) {
  start();
  auto client = connect();
  for (int i = 0; i < 100; ++i) {
    client.send(get_a);
    ASSERT_EQ(client.receive().body, "GET /a ");
  }
  EXPECT_EQ(door->stats().accepted, 1u);
  EXPECT_EQ(door->stats().requests, 100u);
}

TEST_F(server_test, closes_when_asked_to) {
  start();
  auto client = connect();
  client.send(get("/a", "Connection: close\r\n") + get_a);
  const auto got = client.receive();
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("Connection"), "close");
  EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, closes_after_http_1_0_unless_kept_alive) {
  start();
  auto client = connect();
  client.send("GET /a HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
  EXPECT_EQ(client.receive().header("Connection"), "keep-alive");
  client.send("GET /a HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, answers_a_peer_that_closed_its_sending_side) {
  start_deferred();
  auto client = connect();
  client.send(get_a);
  client.send_end();
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  room.take("/a").complete(response::text(200, "late"));
  EXPECT_EQ(client.receive().body, "late");
  EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, closes_idle_connections) {
  options.idle_timeout = 50ms;
  start();
  auto client = connect();
  client.send(get_a);
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, turns_away_more_connections_than_allowed) {
  options.max_connections = 1;
  start();
  auto first = connect();
  first.send(get_a);
  ASSERT_EQ(first.receive().status, 200);
  auto second = connect();
  EXPECT_EQ(second.receive().status, 503);
  EXPECT_EQ(door->stats().rejected, 1u);
}

TEST_F(server_test, serves_beside_a_thousand_idle_connections) {
  start();
  std::vector<test_client> idle;
  for (int i = 0; i < 1000; ++i) {
    idle.push_back(connect());
    ASSERT_TRUE(idle.back().connected());
  }
  ASSERT_TRUE(eventually([&] { return door->stats().connections == 1000; }));
  EXPECT_EQ(status_of(get_a), 200);
  idle.front().send(get_a);
  idle.back().send(get_a);
  EXPECT_EQ(idle.front().receive().status, 200);
  EXPECT_EQ(idle.back().receive().status, 200);
}

// -- reading ------------------------------------------------------------------

TEST_F(server_test, hands_over_the_whole_request) {
  request seen;
  start([&](request asked, const responder& right) {
    seen = std::move(asked);
    right.complete(response{204, {}, {}});
  });
  auto client = connect();
  client.send("PUT /caf%C3%A9?a=1&a=1&b=x%3Dy=z+w HTTP/1.1\r\nHost: x\r\n"
              "Cookie: one=1; two=\"a%20b\"\r\nX-Raw: 100%25%0d%0a\r\n"
              "Range: bytes=0-1\r\nX-Request-Id: abc-1\r\n"
              "Content-Length: 3\r\n\r\nxyz");
  const auto got = client.receive();
  EXPECT_EQ(got.status, 204);
  EXPECT_EQ(got.header("X-Request-Id"), "abc-1");
  EXPECT_EQ(got.header("Content-Length"), "");
  EXPECT_EQ(seen.id, "abc-1");
  EXPECT_EQ(seen.method, "PUT");
  EXPECT_EQ(seen.path, "/caf\xC3\xA9");
  EXPECT_EQ(seen.target, "/caf%C3%A9?a=1&a=1&b=x%3Dy=z+w");
  EXPECT_TRUE(seen.parameter("a").repeated);
  EXPECT_EQ(seen.parameter("b").value, "x=y=z w");
  EXPECT_FALSE(seen.parameter("c").value.has_value());
  EXPECT_EQ(seen.cookie("two"), "a%20b");
  EXPECT_EQ(seen.header("x-raw"), "100%25%0d%0a");
  EXPECT_EQ(seen.header("range"), "bytes=0-1");
  EXPECT_EQ(seen.header("REMOTE_ADDR"), "");
  EXPECT_EQ(seen.body, "xyz");
  EXPECT_EQ(seen.remote_address, "127.0.0.1");
}

TEST_F(server_test, waits_for_the_rest_of_a_request) {
  start();
  auto client = connect();
  const auto whole = post("Content-Length: 5\r\n", "hello");
  for (const std::size_t cut : {1u, 10u, 20u, 40u, 48u}) {
    client.send(whole.substr(0, cut));
    ASSERT_EQ(status_of(get_a), 200); // meanwhile, another is served
    client.send(whole.substr(cut));
    ASSERT_EQ(client.receive().body, "POST /p hello") << cut;
  }
}

TEST_F(server_test, slow_client_does_not_hinder_another) {
  options.workers = 1;
  start();
  auto slow = connect();
  auto fast = connect();
  for (const char byte : post("Transfer-Encoding: chunked\r\n",
                              "5;ext=1\r\nhello\r\n0\r\nTrailer: 1\r\n\r\n")) {
    slow.send(std::string(1, byte));
    fast.send(get_a);
    ASSERT_EQ(fast.receive().status, 200);
  }
  EXPECT_EQ(slow.receive().body, "POST /p hello");
}

TEST_F(server_test, joins_chunks) {
  start();
  auto client = connect();
  client.send(post("Transfer-Encoding: chunked\r\n",
                   "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n")
              + get_a);
  EXPECT_EQ(client.receive().body, "POST /p abc0123456789");
  EXPECT_EQ(client.receive().body, "GET /a ");
}

TEST_F(server_test, says_continue_when_expected) {
  start();
  auto client = connect();
  client.send(post("Content-Length: 2\r\nExpect: 100-continue\r\n", ""));
  EXPECT_EQ(client.receive().status, 100);
  client.send("ok");
  EXPECT_EQ(client.receive().body, "POST /p ok");
  EXPECT_EQ(status_of(post("Expect: miracles\r\n", "")), 417);
}

TEST_F(server_test, refuses_too_large_bodies_before_they_arrive) {
  options.max_body_bytes = 1000;
  start();
  EXPECT_EQ(status_of(post("Content-Length: 1001\r\n", "")), 413);
  EXPECT_EQ(status_of(post("Content-Length: 1001\r\n"
                           "Expect: 100-continue\r\n",
                           "")),
            413);
  const auto chunked = "Transfer-Encoding: chunked\r\n"s;
  EXPECT_EQ(status_of(post(chunked, "3e9\r\n")), 413);
  EXPECT_EQ(
    status_of(post(chunked, "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\n")),
    413);
  EXPECT_EQ(status_of(post(chunked, "3e8\r\n" + std::string(1000, 'x')
                                      + "\r\n0\r\n\r\n")),
            200);
}

TEST_F(server_test, refusal_reaches_a_client_that_keeps_sending) {
  options.max_body_bytes = 1000;
  start();
  auto client = connect();
  client.send(post("Content-Length: 300000\r\n", std::string(300'000, 'x')));
  EXPECT_EQ(client.receive().status, 413);
}

TEST_F(server_test, refuses_too_large_heads) {
  start();
  EXPECT_EQ(status_of(get("/", "A: " + std::string(9'000, 'a') + "\r\n")), 431);
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "X-" + std::to_string(i) + ": some value\r\n";
  EXPECT_EQ(status_of(get("/", many)), 431);
  EXPECT_EQ(status_of("GET /" + std::string(20'000, 'a')), 431);
  EXPECT_EQ(status_of(get("/" + std::string(9'000, 'a'))), 414);
}

TEST_F(server_test, refuses_what_could_be_framed_in_two_ways) {
  start();
  for (const auto& bytes : {
         post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "x"),
         post("Transfer-Encoding: chunked\r\nContent-Length: 1\r\n", "x"),
         post("Content-Length: 1\r\nContent-Length: 2\r\n", "x"),
         post("Content-Length: 1, 1\r\n", "x"),
         post("Content-Length: +1\r\n", "x"),
         post("Content-Length: -1\r\n", "x"),
         post("Content-Length: 99999999999999999999999\r\n", "x"),
         post("Content-Length : 1\r\n", "x"),
         post("Content-Length:\r\n 1\r\n", "x"),
         post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
              ""),
         post("Transfer-Encoding: chunked\r\n", "0x1\r\nx\r\n0\r\n\r\n"),
         post("Transfer-Encoding: chunked\r\n", "1\nx\r\n0\r\n\r\n"),
         post("Transfer-Encoding: chunked\r\n", "1\r\nxx\r\n0\r\n\r\n"),
         "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"s,
         "GET / HTTP/1.1\r\n\r\n"s,
         "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"s,
         "GET / HTTP/1.1\r\nHost: a\nContent-Length: 1\r\n\r\n"s,
         "GET / HTTP/1.1\r\nHost: a\rb\r\n\r\n"s,
         "GET / HTTP/1.1\r\nHost: a\0b\r\n\r\n"s,
         "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n"s,
         "GET / HTTP/2.0\r\nHost: a\r\n\r\n"s,
         "BREW / HTTP/1.1\r\nHost: a\r\n\r\n"s,
         "\x16\x03\x01 hello\r\n\r\n"s,
       })
    EXPECT_EQ(status_of(bytes), 400) << bytes;
  EXPECT_EQ(status_of(post("Transfer-Encoding: gzip\r\n", "")), 501);
  EXPECT_EQ(door->stats().requests, 0u);
}

TEST_F(server_test, gives_up_on_heads_and_bodies_that_never_end) {
  options.header_timeout = 50ms;
  options.body_timeout = 50ms;
  start();
  EXPECT_EQ(status_of("GET / HT"), 408);
  EXPECT_EQ(status_of(post("Content-Length: 5\r\n", "hel")), 408);
}

TEST_F(server_test, long_range_header_is_harmless) {
  start();
  std::string ranges = "bytes=0-1";
  while (ranges.size() < 7'900)
    ranges += ",1-2";
  EXPECT_EQ(status_of(get("/", "Range: " + ranges + "\r\n")), 200);
  EXPECT_EQ(status_of(get("/", "Range: a\r\nrange: b\r\n")), 200);
  std::string many;
  for (int i = 0; i < 1'000; ++i)
    many += "Range: a\r\n";
  EXPECT_EQ(status_of(get("/", many + "X: 1\r\n")), 200);
}

// -- answering ----------------------------------------------------------------

TEST_F(server_test, answers_pipelined_requests_in_order) {
  start_deferred();
  auto client = connect();
  client.send(get("/1") + get("/2") + get("/3"));
  ASSERT_TRUE(eventually([&] { return room.holds(3); }));
  for (const auto* path : {"/3", "/1", "/2"})
    room.take(path).complete(response::text(200, path));
  EXPECT_EQ(client.receive().body, "/1");
  EXPECT_EQ(client.receive().body, "/2");
  EXPECT_EQ(client.receive().body, "/3");
}

TEST_F(server_test, long_pipeline_is_throttled_and_served) {
  start_deferred();
  auto client = connect();
  std::string all;
  for (int i = 0; i < 100; ++i)
    all += get("/" + std::to_string(i));
  client.send(all);
  ASSERT_TRUE(eventually([&] { return room.holds(16); }));
  EXPECT_EQ(door->stats().in_flight, 16u);
  for (int i = 0; i < 100; ++i) {
    const auto path = "/" + std::to_string(i);
    ASSERT_TRUE(eventually([&] { return !room.holds(0); }));
    room.take(path).complete(response::text(200, path));
    ASSERT_EQ(client.receive().body, path);
    ASSERT_TRUE(eventually(
      [&] { return door->stats().requests == std::min(100u, i + 17u); }));
  }
}

TEST_F(server_test, head_has_the_length_and_no_body) {
  start();
  auto client = connect();
  client.send("HEAD /a HTTP/1.1\r\nHost: x\r\n\r\n" + get_a);
  EXPECT_EQ(client.receive(true).header("Content-Length"), "8");
  EXPECT_EQ(client.receive().body, "GET /a ");
}

TEST_F(server_test, dropped_responder_answers_500) {
  start([](const request&, const responder&) {});
  auto client = connect();
  client.send(get_a);
  const auto got = client.receive();
  EXPECT_EQ(got.status, 500);
  EXPECT_FALSE(got.header("X-Request-Id").empty());
  EXPECT_TRUE(eventually([&] { return door->stats().in_flight == 0; }));
}

TEST_F(server_test, cut_answer_ends_early_and_closes) {
  start([](const request&, const responder& right) {
    auto answer = response::text(200, "all");
    answer.is_cut = true;
    right.complete(std::move(answer));
  });
  auto client = connect();
  client.send(get_a + get_a);
  EXPECT_EQ(client.receive().status, 0);
}

TEST_F(server_test, only_the_first_completion_counts) {
  start([](const request&, const responder& right) {
    const auto copy = right;
    copy.complete(response::text(200, "first"));
    right.complete(response::text(200, "second"));
  });
  auto client = connect();
  client.send(get_a + get_a);
  EXPECT_EQ(client.receive().body, "first");
  EXPECT_EQ(client.receive().body, "first");
  EXPECT_EQ(door->stats().in_flight, 0u);
}

TEST_F(server_test, exception_becomes_500_without_its_text) {
  start([](const request&, const responder&) -> void {
    throw std::runtime_error{"secret"};
  });
  auto client = connect();
  client.send(get_a);
  const auto got = client.receive();
  EXPECT_EQ(got.status, 500);
  EXPECT_EQ((got.head + got.body).find("secret"), std::string::npos);
}

TEST_F(server_test, own_answers_are_rendered_as_asked) {
  options.render_error = [](int status) {
    return response::text(status, "ours " + std::to_string(status));
  };
  start([](const request&, const responder&) {});
  auto client = connect();
  client.send(get_a + "nonsense\r\n\r\n");
  EXPECT_EQ(client.receive().body, "ours 500");
  EXPECT_EQ(client.receive().body, "ours 400");
  EXPECT_TRUE(client.at_end());
}

TEST_F(server_test, header_with_a_line_break_is_dropped) {
  start([](const request&, const responder& right) {
    right.complete(response::text(200, "ok")
                     .set_header("X-Good", "1")
                     .set_header("X-Bad", "1\r\nSet-Cookie: a=b")
                     .set_header("Content-Length", "99"));
  });
  auto client = connect();
  client.send(get_a);
  const auto got = client.receive();
  EXPECT_EQ(got.body, "ok");
  EXPECT_EQ(got.header("X-Good"), "1");
  EXPECT_EQ(got.head.find("Set-Cookie"), std::string::npos);
}

TEST_F(server_test, beyond_the_in_flight_limit_answers_503_at_once) {
  options.max_in_flight = 1;
  start_deferred();
  auto first = connect();
  first.send(get_a);
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  auto second = connect();
  second.send(get_a);
  const auto refused = second.receive();
  EXPECT_EQ(refused.status, 503);
  EXPECT_FALSE(refused.header("Retry-After").empty());
  room.take("/a").complete(response::text(200, "ok"));
  EXPECT_EQ(first.receive().status, 200);
  second.send(get_a);
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  room.take("/a").complete(response::text(200, "ok"));
  EXPECT_EQ(second.receive().status, 200);
  EXPECT_EQ(door->stats().rejected, 1u);
}

TEST_F(server_test, unanswered_request_gets_503_and_the_late_answer_nothing) {
  options.response_timeout = 50ms;
  start_deferred();
  auto client = connect();
  client.send(get_a);
  EXPECT_EQ(client.receive().status, 503);
  room.take("/a").complete(response::text(200, "late"));
  client.send(get("/b"));
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  room.take("/b").complete(response::text(200, "in time"));
  EXPECT_EQ(client.receive().body, "in time");
}

TEST_F(server_test, survives_clients_that_vanish_before_the_answer) {
  start_deferred();
  auto client = connect();
  client.send(get_a);
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  client.vanish();
  room.take("/a").complete(response::text(200, std::string(100'000, 'x')));
  EXPECT_TRUE(eventually([&] { return door->stats().connections == 0; }));
  EXPECT_EQ(door->stats().in_flight, 0u);
}

TEST_F(server_test, slow_reader_gets_all_and_blocks_nobody) {
  options.workers = 1;
  const std::string big(5'000'000, 'x');
  start([&](const request& asked, const responder& right) {
    right.complete(response::text(200, asked.path == "/big" ? big : "small"));
  });
  test_client slow{door->port(), 4096};
  slow.send(get("/big") + get("/big"));
  auto fast = connect();
  fast.send(get_a);
  EXPECT_EQ(fast.receive().body, "small");
  EXPECT_TRUE(slow.receive().body == big);
  EXPECT_TRUE(slow.receive().body == big);
}

TEST_F(server_test, gives_up_on_a_peer_that_reads_nothing) {
  options.write_timeout = 50ms;
  start([](const request&, const responder& right) {
    right.complete(response::text(200, std::string(20'000'000, 'x')));
  });
  test_client deaf{door->port(), 4096};
  deaf.send(get_a);
  ASSERT_TRUE(eventually([&] { return door->stats().requests == 1; }));
  EXPECT_TRUE(eventually([&] { return door->stats().connections == 0; }));
}

TEST_F(server_test, answers_from_many_threads_at_once) {
  std::mutex mutex;
  std::deque<std::pair<std::string, responder>> work;
  start([&](const request& asked, responder right) {
    const std::lock_guard guard{mutex};
    work.emplace_back(asked.path, std::move(right));
  });
  std::atomic<bool> over{false};
  std::vector<std::thread> answering;
  for (int i = 0; i < 4; ++i)
    answering.emplace_back([&] {
      while (!over) {
        std::unique_lock lock{mutex};
        if (work.empty()) {
          lock.unlock();
          std::this_thread::yield();
          continue;
        }
        const auto [path, right] = std::move(work.front());
        work.pop_front();
        lock.unlock();
        right.complete(response::text(200, path));
      }
    });
  std::vector<test_client> clients;
  for (int i = 0; i < 20; ++i)
    clients.push_back(connect());
  for (int round = 0; round < 20; ++round) {
    for (auto& client : clients)
      client.send(get("/1") + get("/2") + get("/3"));
    for (auto& client : clients)
      for (const auto* path : {"/1", "/2", "/3"})
        EXPECT_EQ(client.receive().body, path);
  }
  over = true;
  for (auto& thread : answering)
    thread.join();
}

// -- starting and stopping ----------------------------------------------------

TEST_F(server_test, start_tells_why_it_failed) {
  start();
  auto again = options;
  again.port = door->port();
  server second{again, echo};
  const auto started = second.start();
  ASSERT_FALSE(started.ok());
  EXPECT_EQ(started.error().code, domain::errc::unavailable);
  again.address = "not an address";
  EXPECT_FALSE(server(again, echo).start().ok());
}

TEST_F(server_test, graceful_stop_finishes_what_was_accepted) {
  start_deferred();
  auto idle = connect();
  auto client = connect();
  client.send(get_a);
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  std::thread stopping{[&] { door->stop(10s); }};
  EXPECT_TRUE(idle.at_end());
  EXPECT_TRUE(eventually([&] { return !connect().connected(); }));
  room.take("/a").complete(response::text(200, "done"));
  const auto got = client.receive();
  EXPECT_EQ(got.body, "done");
  EXPECT_EQ(got.header("Connection"), "close");
  client.vanish();
  stopping.join();
  EXPECT_EQ(door->stats().connections, 0u);
}

TEST_F(server_test, graceful_stop_finishes_what_has_begun_to_arrive) {
  options.workers = 1;
  start();
  auto idle = connect();
  auto client = connect();
  client.send(post("Content-Length: 5\r\nExpect: 100-continue\r\n", ""));
  ASSERT_EQ(client.receive().status, 100);
  std::thread stopping{[&] { door->stop(10s); }};
  EXPECT_TRUE(idle.at_end());
  client.send("hello");
  const auto got = client.receive();
  EXPECT_EQ(got.body, "POST /p hello");
  EXPECT_EQ(got.header("Connection"), "close");
  client.vanish();
  stopping.join();
}

TEST_F(server_test, stop_does_not_wait_beyond_its_grace) {
  start_deferred();
  auto client = connect();
  client.send(get_a);
  ASSERT_TRUE(eventually([&] { return room.holds(1); }));
  door->stop(20ms);
  EXPECT_TRUE(client.at_end());
  const auto late = room.take("/a");
  door.reset();
  late.complete(response::text(200, "too late"));
}

} // namespace

} // namespace zhiku::http
