#include "sms/report.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::sms {

namespace {

using namespace std::chrono;

constexpr const char* tencent_body = R"([
  {"user_receive_time":"2015-10-17 08:03:04","nationcode":"86",
   "mobile":"13711112222","report_status":"SUCCESS","errmsg":"DELIVRD",
   "description":"用户短信送达成功","sid":"2019:1"},
  {"user_receive_time":"","nationcode":"86","mobile":"13711113333",
   "report_status":"FAIL","errmsg":"MK:0001","description":"空号",
   "sid":"2019:2"}])";

constexpr const char* aliyun_body = R"([
  {"phone_number":"1381111****","send_time":"2017-01-01 00:00:00",
   "report_time":"2017-01-01 07:59:59","success":true,
   "err_code":"DELIVERED","err_msg":"用户接收成功","sms_size":"1",
   "biz_id":"900619746936498440^0","out_id":"effect-1"}])";

} // namespace

TEST(report, tencent) {
  auto got = tencent_reports(tencent_body);
  ASSERT_TRUE(got);
  ASSERT_EQ(got->reports.size(), 2u);
  EXPECT_EQ(got->malformed, 0u);
  EXPECT_EQ(got->reports[0],
            (delivery_report{"2019:1", "", "137****2222", true, "DELIVRD",
                             sys_days{2015y / 10 / 17} + 3min + 4s}));
  EXPECT_EQ(got->reports[1], (delivery_report{"2019:2", "", "137****3333",
                                              false, "MK:0001", std::nullopt}));
}

TEST(report, aliyun) {
  auto got = aliyun_reports(aliyun_body);
  ASSERT_TRUE(got);
  ASSERT_EQ(got->reports.size(), 1u);
  EXPECT_EQ(got->reports[0],
            (delivery_report{"900619746936498440^0", "effect-1", "138********",
                             true, "DELIVERED",
                             sys_days{2016y / 12 / 31} + 23h + 59min + 59s}));
}

TEST(report, of_nobody) {
  EXPECT_TRUE(tencent_reports("[]")->reports.empty());
  EXPECT_TRUE(aliyun_reports("[]")->reports.empty());
}

TEST(report, malformed_bodies_are_refused) {
  for (const std::string odd : {
         "",
         "{}",
         "null",
         "[1]",
         "[null]",
         "[{}]",
         "[[]]",
         R"([{"sid":"1"}])",
         R"([{"sid":"1","report_status":"MAYBE"}])",
         R"([{"report_status":"SUCCESS"}])",
         R"([{"sid":"","report_status":"SUCCESS"}])",
         R"([{"biz_id":"1"}])",
         R"([{"biz_id":"1","success":"true"}])",
         R"([{"success":true}])",
         "sid=1",
       }) {
    EXPECT_FALSE(tencent_reports(odd)) << odd;
    EXPECT_FALSE(aliyun_reports(odd)) << odd;
  }
  EXPECT_FALSE(tencent_reports(aliyun_body));
  EXPECT_FALSE(aliyun_reports(tencent_body));
}

TEST(report, w28_one_malformed_entry_is_left_out) {
  auto aliyun = aliyun_reports(R"([
    {"phone_number":"13000000000","success":false,"err_code":"X:0001",
     "report_time":"2026-01-01 08:00:00","biz_id":"1^0","out_id":"",
     "sms_size":"1"},
    {"phone_number":"13711112222","success":true,"err_code":"DELIVERED",
     "report_time":"2026-01-01 08:00:01","biz_id":"2^0"},
    {"phone_number":"1","success":"true"}, null, 5])");
  ASSERT_TRUE(aliyun);
  ASSERT_EQ(aliyun->reports.size(), 2u);
  EXPECT_EQ(aliyun->reports[0].serial, "1^0");
  EXPECT_FALSE(aliyun->reports[0].delivered);
  EXPECT_EQ(aliyun->reports[0].code, "X:0001");
  EXPECT_TRUE(aliyun->reports[1].delivered);
  EXPECT_EQ(aliyun->malformed, 3u);
  std::string two{tencent_body};
  two.replace(two.find("FAIL"), 4, "LIAF");
  auto tencent = tencent_reports(two);
  ASSERT_TRUE(tencent);
  EXPECT_EQ(tencent->reports.size(), 1u);
  EXPECT_EQ(tencent->malformed, 1u);
}

TEST(report, w28_what_a_carrier_leaves_out_or_spells_otherwise) {
  auto got = tencent_reports(
    R"([{"nationcode":86,"mobile":"13711112222","report_status":"FAIL",
         "sid":"2019:3"}])");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->reports.front(), (delivery_report{"2019:3", "", "137****2222",
                                                   false, "", std::nullopt}));
}

TEST(report, w17_a_bad_byte_hides_no_report) {
  std::string odd{aliyun_body};
  odd.replace(odd.find("用户"), 3, "\xC9\xF3\x14");
  auto got = aliyun_reports(odd);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->reports.front().serial, "900619746936498440^0");
}

TEST(report, large_bodies_are_refused) {
  EXPECT_FALSE(
    tencent_reports(tencent_body + std::string(max_report_bytes, ' ')));
}

TEST(report, depth_is_no_danger) {
  std::string open(max_report_bytes / 2, '[');
  EXPECT_FALSE(tencent_reports(open));
  EXPECT_FALSE(aliyun_reports(open + std::string(open.size(), ']')));
}

TEST(report, an_unreadable_time_is_no_time) {
  std::string odd{aliyun_body};
  odd.replace(odd.find("07:59:59"), 8, "25:59:59");
  EXPECT_EQ(aliyun_reports(odd)->reports.front().at, std::nullopt);
}

TEST(report, phones_are_always_masked) {
  EXPECT_TRUE(rc::check([](const std::string& raw) {
    std::string phone;
    for (auto c : raw)
      phone += static_cast<char>('0' + static_cast<unsigned char>(c) % 10);
    auto body =
      R"([{"sid":"1","report_status":"FAIL","mobile":")" + phone + R"("}])";
    auto shown = tencent_reports(body)->reports.front().phone;
    RC_ASSERT(shown.size() == phone.size());
    RC_ASSERT(phone.empty() || shown.find('*') != std::string::npos);
    RC_ASSERT(
      std::count_if(shown.begin(), shown.end(), [](char c) { return c != '*'; })
      <= 7);
  }));
}

TEST(report, never_crashes_on_arbitrary_bytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    tencent_reports(bytes);
    aliyun_reports(bytes);
    std::string damaged{aliyun_body};
    damaged.replace(*rc::gen::inRange<std::size_t>(0, damaged.size()), 1,
                    bytes);
    aliyun_reports(damaged);
  }));
}

TEST(report, answers_are_those_the_carriers_want) {
  EXPECT_EQ(tencent_report_answer, "{\"result\":0,\"errmsg\":\"OK\"}");
  EXPECT_EQ(aliyun_report_answer, "{\"code\":0,\"msg\":\"接收成功\"}");
}

} // namespace zhiku::sms
