#include "sandbox/qr_desk.hpp"

#include <gtest/gtest.h>

namespace zhiku::sandbox {

using namespace std::chrono_literals;
using nlohmann::json;

namespace {

const instant start{1'700'000'000s};

json order(const char* action, const char* key, const json& scene) {
  return {{"action_name", action},
          {"action_info", {{"scene", {{key, scene}}}}}};
}

/// The errcode of a refusal; 0 for a code.
int errcode_of(const json& what) {
  qr_desk desk;
  auto made = desk.create(what, start);
  const auto* errcode = std::get_if<int>(&made);
  return errcode == nullptr ? 0 : *errcode;
}

qr_desk::code made_in(qr_desk& desk, const json& what) {
  return std::get<qr_desk::code>(desk.create(what, start));
}

} // namespace

TEST(qr_desk, makes_all_four_kinds) {
  qr_desk desk;
  auto by_text = made_in(desk, order("QR_STR_SCENE", "scene_str", "login:1"));
  EXPECT_EQ(by_text.scene, "login:1");
  EXPECT_EQ(by_text.expires_at, start + 60s);
  auto by_id = made_in(desk, order("QR_SCENE", "scene_id", 4'294'967'295));
  EXPECT_EQ(by_id.scene, "4294967295");
  EXPECT_TRUE(by_id.scene_is_id);
  EXPECT_FALSE(
    made_in(desk, order("QR_LIMIT_SCENE", "scene_id", 100'000)).expires_at);
  EXPECT_FALSE(
    made_in(desk, order("QR_LIMIT_STR_SCENE", "scene_str", "门口")).expires_at);
  EXPECT_EQ(desk.live(start + 60s).size(), 2u);
}

TEST(qr_desk, refuses_scenes_that_break_the_rules) {
  EXPECT_EQ(errcode_of(order("QR_OTHER", "scene_str", "a")), 40053);
  EXPECT_EQ(errcode_of(order("QR_STR_SCENE", "scene_id", 1)), 40053);
  EXPECT_EQ(errcode_of(order("QR_STR_SCENE", "scene_str", "")), 40053);
  EXPECT_EQ(
    errcode_of(order("QR_STR_SCENE", "scene_str", std::string(65, 'a'))),
    40053);
  EXPECT_EQ(errcode_of(order("QR_SCENE", "scene_id", 0)), 40053);
  EXPECT_EQ(errcode_of(order("QR_SCENE", "scene_id", 4'294'967'296)), 40053);
  EXPECT_EQ(errcode_of(order("QR_LIMIT_SCENE", "scene_id", 100'001)), 40053);
  EXPECT_EQ(errcode_of({{"action_name", "QR_SCENE"}}), 40053);
  auto too_long = order("QR_SCENE", "scene_id", 1);
  too_long["expire_seconds"] = 2'592'001;
  EXPECT_EQ(errcode_of(too_long), 40053);
}

TEST(qr_desk, finds_live_codes_by_ticket_and_scene) {
  qr_desk desk;
  auto older = made_in(desk, order("QR_STR_SCENE", "scene_str", "login:1"));
  auto newer = made_in(desk, order("QR_STR_SCENE", "scene_str", "login:1"));
  EXPECT_EQ(desk.by_scene("login:1", start)->ticket, newer.ticket);
  EXPECT_EQ(desk.by_ticket(older.ticket, start + 59s)->scene, "login:1");
  EXPECT_EQ(desk.by_ticket(older.ticket, start + 60s), nullptr);
  EXPECT_EQ(desk.by_scene("login:2", start), nullptr);
}

} // namespace zhiku::sandbox
