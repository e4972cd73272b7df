#include "sandbox/media_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

using namespace std::chrono_literals;

namespace {

const instant start{1'700'000'000s};
const std::string jpeg = "\xff\xd8\xff picture";

std::variant<std::string, int> added(media_desk& desk, const std::string& type,
                                     const std::string& bytes) {
  return desk.add({type, "image/jpeg", bytes, start});
}

} // namespace

TEST(media_desk, keeps_a_picture_for_three_days) {
  media_desk desk;
  auto id = std::get<std::string>(added(desk, "image", jpeg));
  EXPECT_EQ(desk.find(id, start + 71h)->bytes, jpeg);
  EXPECT_EQ(desk.find(id, start + 72h), nullptr);
  EXPECT_EQ(desk.find("invented", start), nullptr);
}

TEST(media_desk, refuses_what_the_platform_refuses) {
  media_desk desk;
  auto errcode = [&desk](const std::string& type, const std::string& bytes) {
    return std::get<int>(added(desk, type, bytes));
  };
  EXPECT_EQ(errcode("paper", jpeg), 40004);
  EXPECT_EQ(errcode("image", "text"), 40005);
  EXPECT_EQ(errcode("image", ""), 41005);
  EXPECT_EQ(errcode("thumb", std::string(64 * 1024 + 1, 'x')), 40006);
}

} // namespace zhiku::sandbox
