// The JS-SDK's parameters, and files at the root.

#include "test_site.hpp"

#include "base/encoding.hpp"
#include "wechat/jssdk.hpp"

using namespace zhiku;
using namespace zhiku::http;
using namespace zhiku::http::test;

namespace {

class jssdk_test : public site_test {
protected:
  response ask(const std::string& url) {
    return browser{where}.get("/api/v1/wechat/jssdk-config?url="
                              + percent_encode(url));
  }
};

} // namespace

TEST_F(jssdk_test, signs_what_the_browser_shows) {
  auto answer = ask("https://zhiku.example/h5/?a=%E8%80%83#/exam");
  ASSERT_EQ(answer.status, 200) << answer.body;
  auto got = json::parse(answer.body);
  EXPECT_EQ(got.at("app_id"), "wxappid");
  EXPECT_EQ(got.at("signature"),
            wechat::js_signature("jsapi-ticket",
                                 got.at("nonce_str").get<std::string>(),
                                 got.at("timestamp").get<std::int64_t>(),
                                 "https://zhiku.example/h5/?a=%E8%80%83"));
  EXPECT_EQ(answer.body.find("jsapi-ticket"), std::string::npos);
  EXPECT_NE(json::parse(ask("https://zhiku.example/").body).at("nonce_str"),
            got.at("nonce_str"));
}

TEST_F(jssdk_test, signs_for_our_own_pages_only) {
  for (const auto* url :
       {"https://evil.example/", "https://zhiku.example.evil/", "//x",
        "http://zhiku.example/", "https://zhiku.example@evil.example/", "x"})
    EXPECT_EQ(ask(url).status, 400) << url;
}

TEST_F(jssdk_test, without_a_ticket_it_says_so) {
  where.ticket = errc::unavailable;
  EXPECT_EQ(ask("https://zhiku.example/").status, 503);
}

TEST_F(jssdk_test, files_prove_the_domain) {
  EXPECT_EQ(browser{where}.get("/MP_verify_abc.txt").status, 404);
  where.how.root_files = {{"MP_verify_abc.txt", "abc"}};
  where.rebuild();
  auto answer = browser{where}.get("/MP_verify_abc.txt");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "abc");
  EXPECT_TRUE(header_of(answer, "Content-Type").starts_with("text/plain"));
}
