#include "wechat/errcode.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace zhiku::wechat {

namespace {

/// The codes of PROTOCOL section 8, as its table lists them.
const std::vector<int> listed = {
  -1,    -1000, 50001, 0,     40001, 40014, 42001, 41001, 40002, 40013, 40125,
  41002, 41004, 40164, 61004, 89501, 89503, 89506, 89507, 40243, 50004, 50007,
  50002, 40003, 40037, 40036, 41028, 41029, 41030, 41009, 43002, 44002, 47001,
  47003, 43004, 43019, 43101, 43107, 43116, 43117, 43108, 45002, 45003, 45009,
  45011, 45015, 45047, 45103, 45109, 45168, 45065, 45066, 45067, 46003, 46004,
  50005, 48001, 48002, 48004, 48006, 40007, 40118, 40015, 40028, 40119, 40120,
  65316, 65317, 40029, 40163, 42003, 40030, 42002, 42007, 61007, 20013};

bool is_known(int errcode) {
  auto rows = known_errcodes();
  return std::any_of(rows.begin(), rows.end(), [errcode](const advice& row) {
    return row.errcode == errcode;
  });
}

} // namespace

TEST(errcode, every_listed_code_is_known) {
  for (auto errcode : listed)
    EXPECT_TRUE(is_known(errcode)) << errcode;
}

TEST(errcode, rows_make_sense) {
  for (const auto& row : known_errcodes()) {
    EXPECT_EQ(advice_for(row.errcode).errcode, row.errcode);
    EXPECT_EQ(row.first_wait.count() > 0, row.retry == retry_class::backoff)
      << row.errcode;
    EXPECT_TRUE(row.pause == pause_scope::none || row.alarm) << row.errcode;
    EXPECT_TRUE(row.mark == person_mark::none || row.step == next_step::sms)
      << row.errcode;
    EXPECT_FALSE(row.retry == retry_class::none && row.alarm) << row.errcode;
  }
}

TEST(errcode, tokens_are_renewed_once) {
  for (auto errcode : {40001, 40014, 42001})
    EXPECT_EQ(advice_for(errcode).retry, retry_class::with_new_token);
}

TEST(errcode, people_who_cannot_be_reached_get_an_sms) {
  EXPECT_EQ(advice_for(43004).mark, person_mark::not_following);
  EXPECT_EQ(advice_for(43101).mark, person_mark::refused_template);
  EXPECT_EQ(advice_for(40003).mark, person_mark::binding_broken);
  EXPECT_EQ(advice_for(43004).step, next_step::sms);
}

TEST(errcode, waits_before_the_first_retry) {
  EXPECT_EQ(advice_for(43117).first_wait, std::chrono::minutes{10});
  EXPECT_EQ(advice_for(45011).first_wait, std::chrono::minutes{1});
  EXPECT_EQ(advice_for(45009).retry, retry_class::tomorrow);
}

TEST(errcode, unknown_codes_are_parked_with_an_alarm) {
  auto row = advice_for(12345);
  EXPECT_EQ(row.retry, retry_class::never);
  EXPECT_EQ(row.step, next_step::park);
  EXPECT_TRUE(row.alarm);
}

TEST(errcode, unknown_outcomes_are_repeated) {
  for (auto kind : {failure::unreachable, failure::malformed})
    EXPECT_EQ(advice_for(api_error{kind, 0, 0, {}}).retry,
              retry_class::backoff);
  EXPECT_EQ(advice_for(api_error{failure::http, 0, 502, {}}).retry,
            retry_class::backoff);
  EXPECT_EQ(advice_for(api_error{failure::http, 0, 404, {}}).retry,
            retry_class::never);
  EXPECT_EQ(advice_for(api_error{failure::platform, 40037, 200, {}}).pause,
            pause_scope::template_id);
}

TEST(errcode, reports_are_read_with_and_without_the_space) {
  EXPECT_EQ(advice_for_report("success").step, next_step::nothing);
  EXPECT_EQ(advice_for_report("failed:user block").mark,
            person_mark::refused_template);
  EXPECT_EQ(advice_for_report("failed: user block").mark,
            person_mark::refused_template);
  auto system = advice_for_report("failed: system failed");
  EXPECT_EQ(system.retry, retry_class::backoff);
  EXPECT_EQ(system.step, next_step::sms);
}

TEST(errcode, the_refused_address_is_told) {
  EXPECT_EQ(refused_address("invalid ip 1.2.3.4 ipv6 ::ffff:1.2.3.4, not in "
                            "whitelist, rid: 65eac940-1a79c8dc-1be683b5"),
            "1.2.3.4");
  EXPECT_EQ(refused_address("invalid ip 1.2.3.4, not in whitelist"), "1.2.3.4");
  EXPECT_EQ(refused_address("invalid ip  ipv6 2001:db8::7, not in whitelist"),
            "2001:db8::7");
  EXPECT_EQ(refused_address("invalid ip 2001:db8::7"), "2001:db8::7");
  EXPECT_EQ(refused_address("invalid ip <script>, not in whitelist"), "");
  EXPECT_EQ(refused_address("invalid credential"), "");
  EXPECT_EQ(refused_address(""), "");
}

} // namespace zhiku::wechat
