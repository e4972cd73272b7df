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

} // namespace zhiku::wechat
