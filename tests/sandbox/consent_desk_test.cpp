#include "sandbox/consent_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

TEST(consent_desk, spends_one_consent_on_one_message) {
  consent_desk desk;
  EXPECT_FALSE(desk.take("oA", "T"));
  desk.accept("oA", "T", false);
  desk.accept("oA", "T", false);
  EXPECT_FALSE(desk.take("oA", "other"));
  EXPECT_FALSE(desk.take("oB", "T"));
  EXPECT_TRUE(desk.take("oA", "T"));
  EXPECT_TRUE(desk.take("oA", "T"));
  EXPECT_FALSE(desk.take("oA", "T"));
}

TEST(consent_desk, keeps_a_lasting_one_until_it_is_withdrawn) {
  consent_desk desk;
  desk.accept("oA", "T", true);
  EXPECT_TRUE(desk.take("oA", "T"));
  EXPECT_TRUE(desk.take("oA", "T"));
  desk.withdraw("oA", "T");
  EXPECT_FALSE(desk.take("oA", "T"));
}

} // namespace zhiku::sandbox
