#include "wechat/jssdk.hpp"

#include "tests/wechat/vectors.hpp"

#include <gtest/gtest.h>

namespace zhiku::wechat {

using tests::text;
using tests::vectors;

TEST(jssdk, vectors) {
  for (const auto& v : vectors("jssdk_signature"))
    EXPECT_EQ(js_signature(text(v, "jsapi_ticket"), text(v, "noncestr"),
                           v.at("timestamp").get<std::int64_t>(),
                           text(v, "url"))
                == text(v, "signature"),
              v.at("valid").get<bool>())
      << v.at("name");
}

TEST(jssdk, leaves_the_fragment_out) {
  EXPECT_EQ(js_signature("t", "n", 1, "https://a.example/p?q=1#/route"),
            js_signature("t", "n", 1, "https://a.example/p?q=1"));
  EXPECT_EQ(signed_part_of("https://a.example/#a#b"), "https://a.example/");
}

TEST(jssdk, signs_own_pages_only) {
  constexpr auto base = "https://zhiku.example";
  for (const auto* own :
       {"https://zhiku.example", "https://zhiku.example/",
        "https://zhiku.example/h5/?a=1#/b", "https://zhiku.example?a",
        "https://zhiku.example#a"}) {
    EXPECT_TRUE(is_own_page(own, base)) << own;
    EXPECT_TRUE(is_own_page(own, "https://zhiku.example/")) << own;
  }
  for (const auto* foreign :
       {"https://zhiku.example.evil/", "https://zhiku.example:8443/",
        "https://zhiku.example@evil/", "http://zhiku.example/",
        "https://evil/https://zhiku.example/", "//zhiku.example/", "/h5/", ""})
    EXPECT_FALSE(is_own_page(foreign, base)) << foreign;
  EXPECT_FALSE(is_own_page("https://evil/", ""));
}

TEST(jssdk, a_base_with_a_path_admits_what_is_below_it) {
  constexpr auto base = "https://zhiku.example/pool/";
  EXPECT_TRUE(is_own_page("https://zhiku.example/pool/h5/", base));
  EXPECT_FALSE(is_own_page("https://zhiku.example/pools/", base));
  EXPECT_FALSE(is_own_page("https://zhiku.example/", base));
}

} // namespace zhiku::wechat
