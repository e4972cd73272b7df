#include "sms/acs3.hpp"
#include "sms/tc3.hpp"
#include "tests/wechat/vectors.hpp"

#include <gtest/gtest.h>

namespace zhiku::sms {

using tests::text;
using tests::vectors;

namespace {

using text_map = std::map<std::string, std::string>;

} // namespace

TEST(tc3, vectors) {
  for (const auto& v : vectors("tencent_tc3")) {
    tc3_request request{
      text(v, "service"), v.at("signed_headers").get<text_map>(),
      text(v, "payload"), v.at("timestamp").get<std::int64_t>()};
    auto key = text(v, "secret_key");
    EXPECT_EQ(tc3_canonical_request(request), text(v, "canonical_request"));
    EXPECT_EQ(tc3_string_to_sign(request), text(v, "string_to_sign"));
    EXPECT_EQ(tc3_signature(request, key), text(v, "signature"));
    EXPECT_EQ(tc3_authorization(request, text(v, "secret_id"), key),
              text(v, "authorization"));
  }
}

TEST(tc3, the_date_is_utc) {
  tc3_request request{"sms", {{"host", "h"}}, {}, 1700006399};
  EXPECT_NE(tc3_string_to_sign(request).find("2023-11-14/sms"),
            std::string::npos);
  ++request.timestamp;
  EXPECT_NE(tc3_string_to_sign(request).find("2023-11-15/sms"),
            std::string::npos);
}

TEST(acs3, vectors) {
  for (const auto& v : vectors("aliyun_acs3")) {
    acs3_request request{v.at("query").get<text_map>(),
                         v.at("headers").get<text_map>(), text(v, "payload")};
    auto key = text(v, "access_key_secret");
    EXPECT_EQ(acs3_canonical_query(request.query), text(v, "canonical_query"));
    EXPECT_EQ(acs3_canonical_request(request), text(v, "canonical_request"));
    EXPECT_EQ(acs3_string_to_sign(request), text(v, "string_to_sign"));
    EXPECT_EQ(acs3_signature(request, key), text(v, "signature"));
    EXPECT_EQ(acs3_authorization(request, text(v, "access_key_id"), key),
              text(v, "authorization"));
  }
}

/// The older RPC signature is not spoken by us, but sorts and encodes its
/// parameters in the same way.
TEST(acs3, encodes_like_the_rpc_vectors) {
  for (const auto& v : vectors("aliyun_rpc_v1"))
    EXPECT_EQ(acs3_canonical_query(v.at("parameters").get<text_map>()),
              text(v, "canonical_query"));
}

} // namespace zhiku::sms
