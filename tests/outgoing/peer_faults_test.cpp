// Peers that misbehave: each has its error, and the next call succeeds.

#include "tests/outgoing/fixture.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace zhiku::outgoing {

namespace {

/// The first request of the first connection meets `fault`; all others are
/// served.
class peer_faults : public outgoing_fixture {
protected:
  /// A call that meets `fault`; then checks that the next one does not.
  result met(tls_server::script fault, request what) {
    tls_server server{localhost(), [&](tls_peer& peer) {
                        if (peer.number() > 0)
                          return always(answer_of("good"))(peer);
                        if (peer.read_request())
                          fault(peer);
                      }};
    what.url = server.origin() + "/";
    auto got = client_.wait_for(what);
    auto next = client_.wait_for(get_of(server.origin() + "/"));
    EXPECT_TRUE(next) << next.error().detail;
    EXPECT_TRUE(!next || next->body == "good");
    return got;
  }

  result met(tls_server::script fault) {
    return met(std::move(fault), post_of("", "{}"));
  }

  static tls_server::script says(std::string bytes) {
    return [bytes](tls_peer& peer) { peer.write(bytes); };
  }

  /// `beginning`, and then a byte now and then for ever.
  static tls_server::script trickles(std::string beginning) {
    return [beginning](tls_peer& peer) {
      auto open = peer.write(beginning);
      while (open && !peer.ends_within(10))
        open = peer.write("x");
    };
  }

  static void expect_error(const result& got, errc code,
                           bool may_have_arrived) {
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, code) << name_of(got.error().code);
    EXPECT_EQ(got.error().may_have_arrived, may_have_arrived);
    EXPECT_NE(got.error().detail, "");
  }

  /// What a call to a server with this certificate comes to; the requests
  /// that it saw are 0.
  void expect_untrusted(const test::identity& who) {
    std::atomic<int> asked{0};
    tls_server server{who, [&](tls_peer& peer) {
                        while (peer.read_request())
                          ++asked;
                      }};
    expect_error(client_.wait_for(post_of(server.origin() + "/", "secret")),
                 errc::untrusted, false);
    EXPECT_EQ(asked, 0);
  }
};

constexpr std::string_view long_head =
  "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n";

} // namespace

// -- connections that have ended ----------------------------------------------

// A code was lost here, and the person told that it was sent: a connection that
// TLS has ended is readable, which passes for alive.
TEST_F(peer_faults, an_idle_connection_closed_by_the_peer_costs_nothing) {
  tls_server server{localhost(), [](tls_peer& peer) {
                      if (peer.read_request())
                        peer.write(answer_of("ok"));
                    }};
  for (int i = 0; i < 6; ++i) {
    auto what = post_of(server.origin() + "/", "code");
    what.repeatable = i % 3 != 2;
    auto got = client_.wait_for(what);
    ASSERT_TRUE(got) << i << ' ' << got.error().detail;
    server.wait_for_closed(i + 1);
  }
}

TEST_F(peer_faults, an_idle_connection_reset_by_the_peer_costs_nothing) {
  std::promise<void> go;
  auto idle = go.get_future().share();
  tls_server server{localhost(), [&](tls_peer& peer) {
                      if (!peer.read_request() || !peer.write(answer_of("ok")))
                        return;
                      idle.wait();
                      peer.reset();
                    }};
  ASSERT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  go.set_value();
  server.wait_for_closed(1);
  EXPECT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  EXPECT_TRUE(client_.wait_for(post_of(server.origin() + "/", "code")));
}

// After a crowd has been served, all its connections are closed at once.
TEST_F(peer_faults, many_idle_connections_closed_at_once_cost_nothing) {
  constexpr int many = 20;
  barrier together{many};
  tls_server server{localhost(), [&](tls_peer& peer) {
                      if (!peer.read_request())
                        return;
                      if (peer.number() < many)
                        together.pass();
                      peer.write(answer_of("ok"));
                    }};
  std::vector<std::future<result>> all;
  for (int i = 0; i < many; ++i)
    all.push_back(started(client_, get_of(server.origin() + "/")));
  for (auto& one : all)
    ASSERT_TRUE(one.get());
  server.wait_for_closed(many);
  auto got = client_.wait_for(get_of(server.origin() + "/"));
  EXPECT_TRUE(got) << got.error().detail;
}

namespace {

/// Serves one request of the first connection, takes the second one and ends
/// without a word; serves the later connections. Counts what arrives.
tls_server::script silent_at_second(std::atomic<int>& arrived) {
  return [&arrived](tls_peer& peer) {
    for (int i = 0; peer.read_request(); ++i) {
      ++arrived;
      if (peer.number() == 0 && i == 1)
        return;
      peer.write(answer_of("ok"));
    }
  };
}

} // namespace

TEST_F(peer_faults, a_repeatable_request_is_sent_again_on_a_new_connection) {
  std::atomic<int> arrived{0};
  tls_server server{localhost(), silent_at_second(arrived)};
  ASSERT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  EXPECT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  EXPECT_EQ(arrived, 3);
}

// An SMS would be sent twice: libcurl repeats a POST, too, by itself.
TEST_F(peer_faults, an_unrepeatable_request_arrives_once) {
  for (const std::string body : {"{}", ""}) {
    std::atomic<int> arrived{0};
    tls_server server{localhost(), [&](tls_peer& peer) {
                        for (int i = 0; peer.read_request(); ++i) {
                          ++arrived;
                          if (i == 1 || peer.number() == 1)
                            return;
                          peer.write(answer_of("ok"));
                        }
                      }};
    ASSERT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
    expect_error(client_.wait_for(post_of(server.origin() + "/", body)),
                 errc::broken, true);
    EXPECT_EQ(arrived, 2);
  }
}

TEST_F(peer_faults, no_answer_at_all) {
  expect_error(met([](tls_peer&) {}), errc::broken, true);
}

TEST_F(peer_faults, a_reset_in_the_middle_of_an_answer) {
  expect_error(met([](tls_peer& peer) {
                 peer.write(long_head);
                 peer.write("some");
                 peer.reset();
               }),
               errc::broken, true);
}

TEST_F(peer_faults, an_end_in_the_middle_of_an_answer) {
  for (const std::string beginning :
       {"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nsome", "HTTP/1.1 200 OK\r",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nsome",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nsome\r\n"})
    expect_error(met(says(beginning)), errc::broken, true);
}

TEST_F(peer_faults, an_answer_without_length_ends_with_its_connection) {
  auto got = met(says("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nsome"));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body, "some");
}

// -- slow peers ---------------------------------------------------------------

TEST_F(peer_faults, a_peer_that_trickles_for_ever_is_given_up) {
  auto what = post_of("", "{}");
  what.within.total = 300ms;
  for (const auto& beginning :
       {std::string{long_head}, std::string{"HTTP/1.1 200 OK\r\nX-Long: "},
        std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                    "ffffff\r\n"}})
    expect_error(met(trickles(beginning), what), errc::timed_out, true);
}

TEST_F(peer_faults, a_peer_that_is_too_slow_is_given_up_before_its_time) {
  auto what = post_of("", "{}");
  what.within.total = 1h;
  what.within.slowest = 100'000;
  what.within.slow_for = 1s;
  expect_error(met(trickles(std::string{long_head}), what), errc::timed_out,
               true);
}

TEST_F(peer_faults, silence_is_given_up) {
  auto what = post_of("", "{}");
  what.within.total = 100ms;
  expect_error(met([](tls_peer& peer) { peer.read_request(); }, what),
               errc::timed_out, true);
}

namespace {

/// Takes connections, by the kernel, and never says a word.
class mute_listener {
public:
  mute_listener() {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof here;
    auto* address = reinterpret_cast<sockaddr*>(&here);
    bind(socket_, address, size);
    listen(socket_, 16);
    getsockname(socket_, address, &size);
    port_ = ntohs(here.sin_port);
  }

  ~mute_listener() {
    close(socket_);
  }

  std::string origin() const {
    return "https://localhost:" + std::to_string(port_);
  }

private:
  int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int port_ = 0;
};

} // namespace

TEST_F(peer_faults, a_handshake_without_end_is_given_up) {
  mute_listener nobody;
  auto what = post_of(nobody.origin() + "/", "{}");
  what.within.connect = 100ms;
  expect_error(client_.wait_for(what), errc::timed_out, false);
}

// -- odd answers --------------------------------------------------------------

TEST_F(peer_faults, redirects_are_not_followed) {
  tls_server elsewhere{localhost(), always(answer_of("gone astray"))};
  auto got = met(says("HTTP/1.1 302 Found\r\nLocation: " + elsewhere.origin()
                      + "/\r\nContent-Length: 0\r\n\r\n"));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 302);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(peer_faults, junk_is_no_answer) {
  for (const std::string junk :
       {"\1\2\3 what is this\r\n\r\n", "<html>not here</html>\r\n\r\n",
        "HTTP/7.7 200 OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n"})
    expect_error(met(says(junk)), errc::malformed, true);
}

TEST_F(peer_faults, bytes_of_another_encoding_come_as_they_are) {
  const std::string gbk = "{\"errmsg\":\"\xB2\xD9\xD7\xF7\xB3\xC9\xB9\xA6\"}";
  auto got = met(says(answer_of(gbk)));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body, gbk);
}

TEST_F(peer_faults, a_megabyte_is_refused_however_it_comes) {
  const std::string much(1 << 20, 'x');
  auto what = post_of("", "{}");
  what.within.body_bytes = 10'000;
  for (const std::string& answer :
       {answer_of(much), "HTTP/1.1 200 OK\r\n\r\n" + much,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n100000\r\n" + much
          + "\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + much})
    expect_error(met(says(answer), what), errc::too_large, true);
}

TEST_F(peer_faults, an_answer_of_just_the_size_allowed_is_taken) {
  auto what = post_of("", "{}");
  what.within.body_bytes = 10'000;
  auto got = met(says(answer_of(std::string(10'000, 'x'))), what);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body.size(), 10'000u);
}

TEST_F(peer_faults, a_head_without_end_is_refused) {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 2'000; ++i)
    head += "X-Some-Header: of fifty bytes, and each one of its own\r\n";
  expect_error(met(says(head)), errc::too_large, true);
  std::string interim;
  for (int i = 0; i < 5'000; ++i)
    interim += "HTTP/1.1 102 Processing\r\n\r\n";
  expect_error(met(says(interim)), errc::too_large, true);
}

// -- somebody else ------------------------------------------------------------

TEST_F(peer_faults, a_certificate_of_an_unknown_authority) {
  test::authority stranger{"another authority"};
  expect_untrusted(stranger.issue("localhost"));
}

TEST_F(peer_faults, a_certificate_that_names_our_authority_falsely) {
  test::authority forger;
  tls_server server{forger.issue("localhost"), always(answer_of("secrets"))};
  auto got = client_.wait_for(post_of(server.origin() + "/", "secret"));
  ASSERT_FALSE(got);
  EXPECT_FALSE(got.error().may_have_arrived);
}

TEST_F(peer_faults, a_certificate_of_another_host) {
  expect_untrusted(ca().issue("api.weixin.qq.com"));
}

TEST_F(peer_faults, a_certificate_past_its_time) {
  expect_untrusted(ca().issue("localhost", -1h));
}

TEST_F(peer_faults, no_tls_and_nobody_there) {
  expect_error(client_.wait_for(post_of("https://localhost:1/", "{}")),
               errc::unreachable, false);
  expect_error(client_.wait_for(post_of("https://no.such.invalid/", "{}")),
               errc::unreachable, false);
}

} // namespace zhiku::outgoing
