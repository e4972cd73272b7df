#include "domain/time.hpp"

#include "domain/validation/dates.hpp"

#include <gtest/gtest.h>

namespace zhiku::domain {
namespace {

TEST(time, rfc_3339_round_trip) {
  for (auto text : {"2026-11-23T08:00:00Z", "2026-11-23T08:00:00.000001Z",
                    "1969-12-31T23:59:59.999999Z", "2024-02-29T00:00:00Z"})
    EXPECT_EQ(to_text(instant_of(text).value()), text);
}

TEST(time, offsets_and_fractions) {
  EXPECT_EQ(to_text(instant_of("2026-11-23T16:00:00+08:00").value()),
            "2026-11-23T08:00:00Z");
  EXPECT_EQ(to_text(instant_of("2026-11-23t02:30:00.5-05:30").value()),
            "2026-11-23T08:00:00.500000Z");
  EXPECT_EQ(to_text(instant_of("2026-11-23T08:00:00.1234567Z").value()),
            "2026-11-23T08:00:00.123456Z");
}

TEST(time, refuses_what_is_no_instant) {
  for (auto text :
       {"", "2026", "2026-11-23", "2026-11-23T08:00:00", "2026-02-30T00:00:00Z",
        "2026-11-23T24:00:00Z", "2026-11-23T08:60:00Z", "2026-11-23T08:00:00.Z",
        "2026-11-23T08:00:00Zx", "2026-11-23T08:00:00+0800",
        "+026-11-23T08:00:00Z"})
    EXPECT_FALSE(instant_of(text)) << text;
}

TEST(time, edge_86_the_day_is_beijings) {
  EXPECT_EQ(beijing_day(instant_of("2026-11-22T15:59:59Z").value()), 20261122);
  EXPECT_EQ(beijing_day(instant_of("2026-11-22T16:00:00Z").value()), 20261123);
  EXPECT_EQ(to_beijing(instant_of("2026-11-23T08:00:30Z").value()),
            "2026-11-23 16:00");
}

TEST(dates, only_days_that_exist) {
  EXPECT_EQ(to_text(day_of("2024-02-29").value()), "2024-02-29");
  for (auto text : {"2023-02-29", "2024-2-29", "2024-13-01", "2024-00-10",
                    "20240229", "2024-02-29T", "2024/02/29", "2024-02-00"})
    EXPECT_FALSE(day_of(text)) << text;
  EXPECT_TRUE(month_of("2024-12"));
  EXPECT_FALSE(month_of("2024-13"));
  EXPECT_FALSE(month_of("2024-1"));
}

TEST(dates, years) {
  auto born = day_of("1980-06-15").value();
  EXPECT_EQ(full_years(born, day_of("2026-06-14").value()), 45);
  EXPECT_EQ(full_years(born, day_of("2026-06-15").value()), 46);
  EXPECT_EQ(to_text(add_years(day_of("2024-02-29").value(), 3)), "2027-02-28");
  EXPECT_EQ(to_text(add_years(day_of("2026-11-23").value(), 3)), "2029-11-23");
}

} // namespace
} // namespace zhiku::domain
