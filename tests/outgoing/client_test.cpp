// What goes over the wire, and what comes back, when the peer behaves.

#include "tests/outgoing/fixture.hpp"

#include <cstdlib>

namespace zhiku::outgoing {

namespace {

/// Answers each request with itself.
tls_server::script echo() {
  return [](tls_peer& peer) {
    while (auto asked = peer.read_request())
      if (!peer.write(answer_of(*asked)))
        return;
  };
}

} // namespace

using client_test = outgoing_fixture;

TEST_F(client_test, a_get_is_sent_as_it_is) {
  tls_server server{localhost(), echo()};
  auto got = client_.wait_for(get_of(server.origin() + "/a/../b?x=%20&y=1+2"));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 200);
  auto host = server.origin().substr(8);
  EXPECT_EQ(got->body, "GET /a/../b?x=%20&y=1+2 HTTP/1.1\r\nHost: " + host
                         + "\r\nAccept: */*\r\n\r\n");
}

TEST_F(client_test, a_post_has_the_given_headers_and_no_others) {
  tls_server server{localhost(), echo()};
  auto what = post_of(server.origin() + "/", std::string{"{\"a\":\"\0\"}", 9});
  what.headers = {{"Host", "signed.example"},
                  {"content-type", "application/json; charset=utf-8"},
                  {"X-Empty", ""}};
  auto got = client_.wait_for(what);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body, "POST / HTTP/1.1\r\nHost: signed.example\r\n"
                       "Accept: */*\r\n"
                       "content-type: application/json; charset=utf-8\r\n"
                       "X-Empty:\r\nContent-Length: 9\r\n\r\n"
                         + what.body);
}

TEST_F(client_test, a_large_post_is_sent_without_asking_first) {
  tls_server server{localhost(), echo()};
  auto what = post_of(server.origin() + "/", std::string(2'000'000, 'x'));
  what.within.body_bytes = 3'000'000;
  auto got = client_.wait_for(what);
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body.find("Expect"), std::string::npos);
  EXPECT_TRUE(got->body.ends_with("\r\n\r\n" + what.body));
}

TEST_F(client_test, an_empty_post_has_neither_body_nor_type) {
  tls_server server{localhost(), echo()};
  auto got = client_.wait_for(post_of(server.origin() + "/?q", ""));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->body.find("Content-Type"), std::string::npos);
  EXPECT_NE(got->body.find("Content-Length: 0\r\n"), std::string::npos);
}

TEST_F(client_test, headers_of_an_answer_are_found_by_lower_case_names) {
  tls_server server{localhost(),
                    always("HTTP/1.1 103 Early Hints\r\nX-Early: 1\r\n\r\n"
                           "HTTP/1.1 418 Odd\r\nX-Two:  a b \r\nX-TWO: c\r\n"
                           "Content-Length: 2\r\n\r\nhi")};
  auto got = client_.wait_for(get_of(server.origin() + "/"));
  ASSERT_TRUE(got) << got.error().detail;
  EXPECT_EQ(got->status, 418);
  EXPECT_EQ(got->body, "hi");
  EXPECT_EQ(got->header("x-two"), "a b");
  EXPECT_EQ(got->header("x-early"), "");
  EXPECT_EQ(got->header("nothing"), "");
}

TEST_F(client_test, connections_are_used_again) {
  tls_server server{localhost(), echo()};
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(client_test, http_2_is_offered) {
  tls_server server{localhost(), echo()};
  ASSERT_TRUE(client_.wait_for(get_of(server.origin() + "/")));
  EXPECT_NE(server.offered_protocols().find("\2h2"), std::string::npos);
}

TEST_F(client_test, the_environments_proxy_is_not_used) {
  setenv("https_proxy", "http://127.0.0.1:1", 1);
  tls_server server{localhost(), echo()};
  auto got = client_.wait_for(get_of(server.origin() + "/"));
  unsetenv("https_proxy");
  EXPECT_TRUE(got);
}

TEST_F(client_test, what_cannot_be_sent_is_refused_at_once) {
  auto refused = [&](const std::string& url, header_list headers = {}) {
    auto what = get_of(url);
    what.headers = std::move(headers);
    auto got = client_.wait_for(what);
    return !got && got.error().code == errc::invalid_request
           && !got.error().may_have_arrived;
  };
  for (const auto* url :
       {"", "/path", "host/path", "ftp://localhost/", "file:///etc/passwd",
        "https://me:secret@localhost/", "https://", "http://a\r\nb/"})
    EXPECT_TRUE(refused(url)) << url;
  std::string good = "https://localhost:1/";
  EXPECT_TRUE(refused(good, {{"X-A", "1\r\nX-B: 2"}}));
  EXPECT_TRUE(refused(good, {{"X-A", std::string{"1\0", 2}}}));
  EXPECT_TRUE(refused(good, {{"X-A: 1\r\nX-B", "2"}}));
  EXPECT_TRUE(refused(good, {{"", "2"}}));
  EXPECT_FALSE(refused(good, {{"X-A", "1"}}));
}

// 300 people enter at once from the menu (issue 8, section 4): as many calls as
// may be on the wire are there together, and the rest follows in three rounds.
// At 200 ms an answer that is under a second.
TEST_F(client_test, hundreds_of_calls_go_on_side_by_side) {
  auto parallel = static_cast<int>(settings{}.parallel_per_origin);
  ASSERT_EQ(parallel, 100);
  barrier together{parallel};
  tls_server server{localhost(), [&](tls_peer& peer) {
                      while (peer.read_request()) {
                        together.pass();
                        if (!peer.write(answer_of("ok")))
                          return;
                      }
                    }};
  std::vector<std::future<result>> all;
  for (int i = 0; i < 3 * parallel; ++i)
    all.push_back(started(client_, get_of(server.origin() + "/")));
  EXPECT_GT(client_.under_way(), 0u);
  for (auto& one : all) {
    auto got = one.get();
    EXPECT_TRUE(got) << got.error().detail;
  }
  EXPECT_LE(server.connections(), parallel);
  EXPECT_EQ(client_.under_way(), 0u);
}

} // namespace zhiku::outgoing
