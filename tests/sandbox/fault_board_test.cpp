#include "sandbox/fault_board.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

TEST(fault_board, counts_down_after_a_delay) {
  fault_board board;
  board.add({{"api", "token"}, {"after", 1}, {"count", 2}, {"errcode", 45009}});
  EXPECT_TRUE(board.take("other").errcode.is_null());
  EXPECT_TRUE(board.take("token").errcode.is_null());
  EXPECT_EQ(board.take("token").errcode, 45009);
  EXPECT_EQ(board.take("token").errcode, 45009);
  EXPECT_TRUE(board.take("token").errcode.is_null());
}

TEST(fault_board, count_zero_is_for_ever) {
  fault_board board;
  board.add({{"api", "token"}, {"count", 0}, {"drop", true}});
  for (int i = 0; i < 10; ++i)
    EXPECT_TRUE(board.take("token").drop);
  board.clear();
  EXPECT_FALSE(board.take("token").drop);
}

} // namespace zhiku::sandbox
