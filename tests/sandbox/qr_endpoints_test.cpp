#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

class qr_apis : public sandbox_fixture {
protected:
  json create(const char* action, const json& scene) {
    return api_post("/cgi-bin/qrcode/create",
                    {{"expire_seconds", 300},
                     {"action_name", action},
                     {"action_info", {{"scene", scene}}}});
  }
};

} // namespace

TEST_F(qr_apis, give_ticket_and_address) {
  auto made = create("QR_STR_SCENE", {{"scene_str", "login:1"}});
  EXPECT_EQ(made.at("expire_seconds"), 300);
  EXPECT_EQ(made.at("url"),
            base() + "/q/" + made.at("ticket").get<std::string>());
  auto lasting = create("QR_LIMIT_SCENE", {{"scene_id", 7}});
  EXPECT_FALSE(lasting.contains("expire_seconds"));
  EXPECT_EQ(errcode_of(create("QR_LIMIT_SCENE", {{"scene_id", 0}})), 40053);
  auto live = get("/control/qr-codes").at("qr_codes");
  ASSERT_EQ(live.size(), 2u);
  EXPECT_EQ(live[0].at("scene"), "7");
  EXPECT_LE(live[1].at("expires_in"), 300);
  EXPECT_GT(live[1].at("expires_in"), 200);
}

TEST_F(qr_apis, show_a_picture_or_404) {
  auto made = create("QR_STR_SCENE", {{"scene_str", "login:1"}});
  auto show = "/cgi-bin/showqrcode?ticket=";
  auto shown = http_.Get(show + made.at("ticket").get<std::string>());
  EXPECT_EQ(shown->status, 200);
  EXPECT_EQ(shown->get_header_value("Content-Type"), "image/jpeg");
  EXPECT_TRUE(shown->body.starts_with("\xff\xd8\xff"));
  EXPECT_EQ(http_.Get(std::string{show} + "unknown")->status, 404);
  advance(std::chrono::seconds{300});
  EXPECT_EQ(http_.Get(show + made.at("ticket").get<std::string>())->status,
            404);
}

} // namespace zhiku::sandbox
