#include "tests/domain/harness.hpp"

#include <gtest/gtest.h>

namespace zhiku::tests {
namespace {

struct phone_proof : testing::Test {
  scenario proof{"phone_proof/hash"};

  static json asked(std::string code_hash, std::string purpose = "LOGIN",
                    std::string binding = "b-1") {
    return {{"purpose", std::move(purpose)},
            {"binding", std::move(binding)},
            {"code_hash", std::move(code_hash)}};
  }

  errc send(std::string code_hash = "right") {
    return proof.refusal_of("send_code", asked(std::move(code_hash)),
                            {{"phone", "138 0013 8000"}, {"code", "012345"}});
  }
  errc verify(std::string code_hash, std::string purpose = "LOGIN",
              std::string binding = "b-1") {
    return proof.refusal_of(
      "verify_code",
      asked(std::move(code_hash), std::move(purpose), std::move(binding)));
  }
};

TEST_F(phone_proof, I_1_sends_and_keeps_nothing_in_clear) {
  EXPECT_EQ(send(), errc::none);
  ASSERT_EQ(proof.effects.size(), 1u);
  const auto& sms = proof.effects[0];
  EXPECT_EQ(sms.what, effect::kind::sms_code);
  EXPECT_EQ(sms.pii, json({{"phone", "13800138000"}, {"code", "012345"}}));
  EXPECT_TRUE(proof.events[0].pii.empty());
  EXPECT_EQ(proof.events[0].data.dump().find("012345"), std::string::npos);
}

TEST_F(phone_proof, I_1_reply_names_both_instants) {
  auto reply = proof.reply("send_code", asked("right"),
                           {{"phone", "13800138000"}, {"code", "012345"}});
  EXPECT_EQ(reply["expires_at"], "2026-11-23T01:05:00Z");
  EXPECT_EQ(reply["next_send_at"], "2026-11-23T01:01:00Z");
}

TEST_F(phone_proof, malformed_commands_name_every_field) {
  auto refused = proof.when("send_code", {{"purpose", 3}}, json::array());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, errc::invalid_input);
  EXPECT_EQ(refused.error().fields.size(), 5u);
  EXPECT_EQ(proof.refusal_of("nonsense"), errc::invalid_input);
}

TEST_F(phone_proof, I_2_the_right_code_works_once) {
  send();
  EXPECT_EQ(verify("right"), errc::none);
  EXPECT_EQ(verify("right"), errc::code_expired);
}

TEST_F(phone_proof, I_2_no_code_or_an_expired_one) {
  EXPECT_EQ(verify("right"), errc::code_expired);
  send();
  proof.wait(seconds{300});
  EXPECT_EQ(verify("right"), errc::code_expired);
}

TEST_F(phone_proof, I_2_the_last_moment_counts) {
  send();
  proof.wait(seconds{300} - microseconds{1});
  EXPECT_EQ(verify("right"), errc::none);
}

TEST_F(phone_proof, I_3_I_4_edge_39_five_tries_burn_it) {
  send();
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(verify("wrong"), errc::code_wrong);
  EXPECT_EQ(proof.count("code_missed"), 4u);
  EXPECT_EQ(proof.count("code_burnt"), 1u);
  EXPECT_EQ(verify("right"), errc::code_expired);
}

TEST_F(phone_proof, edge_41_bound_to_purpose_and_asker) {
  send();
  EXPECT_EQ(verify("right", "IDENTITY"), errc::code_expired);
  EXPECT_EQ(verify("right", "LOGIN", "b-2"), errc::code_expired);
  EXPECT_EQ(verify("right"), errc::none);
}

TEST_F(phone_proof, edge_42_only_the_newest_is_valid) {
  send("first");
  proof.wait(seconds{60});
  send("second");
  EXPECT_EQ(verify("first"), errc::code_wrong);
  EXPECT_EQ(verify("second"), errc::none);
}

TEST_F(phone_proof, edge_40_gap_and_day_cap) {
  EXPECT_EQ(send(), errc::none);
  proof.wait(seconds{59});
  EXPECT_EQ(send(), errc::code_too_soon);
  for (int i = 1; i < 10; ++i) {
    proof.wait(seconds{60});
    EXPECT_EQ(send(), errc::none);
  }
  proof.wait(seconds{60});
  EXPECT_EQ(send(), errc::code_limit);
  proof.now = at("2026-11-23T16:00:00Z");
  EXPECT_EQ(send(), errc::none) << "a new day in Beijing";
}

} // namespace
} // namespace zhiku::tests
