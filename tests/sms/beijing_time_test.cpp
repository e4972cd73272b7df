#include "sms/beijing_time.hpp"

#include <gtest/gtest.h>

namespace zhiku::sms {

using namespace std::chrono;

TEST(beijing_time, is_eight_hours_ahead) {
  EXPECT_EQ(from_beijing("2015-10-17 08:03:04"),
            sys_days{2015y / 10 / 17} + 3min + 4s);
  EXPECT_EQ(from_beijing("2017-01-01 00:00:00"),
            sys_days{2016y / 12 / 31} + 16h);
  EXPECT_EQ(from_beijing("2024-02-29 23:59:59"),
            sys_days{2024y / 2 / 29} + 15h + 59min + 59s);
}

TEST(beijing_time, what_no_clock_shows_is_refused) {
  for (const auto* odd :
       {"", "2015-10-17", "2015-10-17T08:03:04", "2015-10-17 08:03:04Z",
        "2015-10-17 24:00:00", "2015-10-17 08:60:00", "2015-10-17 08:00:60",
        "2015-02-29 00:00:00", "2015-00-01 00:00:00", "2015-13-01 00:00:00",
        "2015-01-32 00:00:00", "20a5-01-01 00:00:00", " 2015-10-17 08:03:0"})
    EXPECT_FALSE(from_beijing(odd)) << odd;
}

TEST(beijing_time, the_day_begins_at_16_utc) {
  EXPECT_EQ(beijing_day(sys_days{2016y / 12 / 31} + 15h + 59min + 59s),
            "20161231");
  EXPECT_EQ(beijing_day(sys_days{2016y / 12 / 31} + 16h), "20170101");
}

} // namespace zhiku::sms
