#include "domain/phone_proof/phone_proof.hpp"
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

  errc send(std::string code_hash = "right", std::string binding = "b-1",
            std::string work = "") {
    auto data = asked(std::move(code_hash), "LOGIN", std::move(binding));
    data["work"] = std::move(work);
    return proof.refusal_of("send_code", data,
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
    proof.wait(seconds{1800});
    EXPECT_EQ(send(), errc::none);
  }
  proof.wait(seconds{1800});
  EXPECT_EQ(send(), errc::code_limit);
  proof.now = at("2026-11-23T16:00:00Z");
  EXPECT_EQ(send(), errc::none) << "a new day in Beijing";
}

// W29: whoever asks, a phone gets one message in the gap.
TEST_F(phone_proof, w29_the_gap_is_the_phones) {
  send("first", "b-1");
  EXPECT_EQ(send("second", "b-2"), errc::code_too_soon);
  proof.wait(seconds{60});
  EXPECT_EQ(send("second", "b-2"), errc::none);
}

TEST_F(phone_proof, a_stranger_voids_nobodys_code) {
  send("mine", "me");
  proof.wait(seconds{60});
  send("other", "stranger");
  for (int i = 0; i < 5; ++i)
    EXPECT_EQ(verify("guess", "LOGIN", "stranger"), errc::code_wrong);
  EXPECT_EQ(verify("other", "LOGIN", "stranger"), errc::code_expired);
  EXPECT_EQ(verify("other", "LOGIN", "me"), errc::code_wrong);
  EXPECT_EQ(verify("mine", "LOGIN", "me"), errc::none);
}

TEST_F(phone_proof, a_stranger_takes_nothing_off_ones_share) {
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(send("other", "stranger", "w-" + std::to_string(i)), errc::none);
    proof.wait(seconds{1800});
  }
  EXPECT_EQ(send("other", "stranger", "w-x"), errc::code_limit);
  EXPECT_EQ(send("mine", "me", "w-y"), errc::none);
  EXPECT_EQ(verify("mine", "LOGIN", "me"), errc::none);
}

TEST_F(phone_proof, the_fourth_code_of_an_hour_costs_work) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(send("c", "b-" + std::to_string(i)), errc::none);
    proof.wait(seconds{60});
  }
  EXPECT_EQ(send(), errc::work_required);
  EXPECT_EQ(send("right", "b-1", "w-1"), errc::none);
  proof.wait(seconds{60});
  EXPECT_EQ(send("right", "b-1", "w-1"), errc::work_required) << "done once";
  EXPECT_EQ(send("right", "b-1", "w-2"), errc::none);
  proof.wait(seconds{3600});
  EXPECT_EQ(send(), errc::none) << "an hour later it is free again";
}

TEST_F(phone_proof, all_askers_together_have_a_cap) {
  for (int i = 0; i < 50; ++i) {
    auto n = std::to_string(i);
    EXPECT_EQ(send("c", "b-" + n, "w-" + n), errc::none) << i;
    proof.wait(seconds{60});
  }
  EXPECT_EQ(send("c", "b-x", "w-x"), errc::code_limit);
}

// Streams written before codes had an asker go on.
TEST_F(phone_proof, events_of_before_mean_the_one_code) {
  domain::phone_proof::state old{"hash"};
  auto sent = asked("right");
  sent["at"] = "2026-11-23T01:00:00Z";
  sent["expires_at"] = "2026-11-23T01:05:00Z";
  evolve(old, {"code_sent", sent});
  evolve(old, {"code_missed"});
  ASSERT_EQ(old.codes.size(), 1u);
  EXPECT_EQ(old.codes[0].wrong_tries, 1);
  evolve(old, {"code_burnt"});
  EXPECT_TRUE(old.codes.empty());
}

TEST_F(phone_proof, snapshots_of_before_are_read) {
  domain::phone_proof::state old{"hash"};
  auto code = asked("right");
  code["expires_at"] = "2026-11-23T01:05:00Z";
  code["wrong_tries"] = 2;
  restore(old,
          {{"last_sent_at", "2026-11-23T01:00:00Z"},
           {"day", 20'775},
           {"sent_on_day", 4},
           {"code", code}},
          json::object());
  ASSERT_EQ(old.codes.size(), 1u);
  EXPECT_EQ(old.codes[0].wrong_tries, 2);
  EXPECT_EQ(old.sent.size(), 1u);
  EXPECT_EQ(old.sent_on_day, 4);
}

} // namespace
} // namespace zhiku::tests
