#include "wechat/signature.hpp"

#include "tests/wechat/vectors.hpp"

#include <gtest/gtest.h>

namespace zhiku::wechat {

using tests::text;
using tests::vectors;

TEST(signature, callback_vectors) {
  for (const auto& v : vectors("callback_signature"))
    EXPECT_EQ(verify_signature(
                {text(v, "token"), text(v, "timestamp"), text(v, "nonce")},
                text(v, "signature")),
              v.at("valid").get<bool>())
      << v.at("name");
}

TEST(signature, message_vectors) {
  for (const auto& v : vectors("message_signature"))
    EXPECT_EQ(verify_signature({text(v, "token"), text(v, "timestamp"),
                                text(v, "nonce"), text(v, "encrypt")},
                               text(v, "msg_signature")),
              v.at("valid").get<bool>())
      << v.at("name");
}

TEST(signature, js_vectors) {
  for (const auto& v : vectors("jssdk_signature"))
    EXPECT_EQ(js_signature(text(v, "jsapi_ticket"), text(v, "noncestr"),
                           v.at("timestamp").get<std::int64_t>(),
                           text(v, "url"))
                == text(v, "signature"),
              v.at("valid").get<bool>())
      << v.at("name");
}

TEST(signature, js_leaves_the_fragment_out) {
  EXPECT_EQ(js_signature("t", "n", 1, "https://a.example/p?q=1#/route"),
            js_signature("t", "n", 1, "https://a.example/p?q=1"));
}

} // namespace zhiku::wechat
