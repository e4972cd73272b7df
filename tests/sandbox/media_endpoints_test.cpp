#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

const std::string jpeg = "\xff\xd8\xff picture";

class media : public sandbox_fixture {
protected:
  json upload(const char* field) {
    httplib::MultipartFormDataItems items = {
      {field, jpeg, "a.jpg", "image/jpeg"}};
    auto path = "/cgi-bin/media/upload?type=image&access_token=" + token();
    return json::parse(http_.Post(path, items)->body);
  }

  httplib::Result download(const std::string& media_id) {
    return http_.Get("/cgi-bin/media/get?access_token=" + token()
                     + "&media_id=" + media_id);
  }
};

} // namespace

TEST_F(media, go_up_and_come_down) {
  auto up = upload("media");
  EXPECT_EQ(up.at("type"), "image");
  auto id = up.at("media_id").get<std::string>();
  auto down = download(id);
  EXPECT_EQ(down->body, jpeg);
  EXPECT_EQ(down->get_header_value("Content-Type"), "image/jpeg");
  EXPECT_EQ(down->get_header_value("Content-Disposition"),
            "attachment; filename=\"" + id + ".jpg\"");
  EXPECT_EQ(errcode_of(upload("file")), 41005);
}

// PROTOCOL 6: failure is JSON where bytes were asked for.
TEST_F(media, answer_json_for_an_unknown_id) {
  auto refused = download("unknown");
  EXPECT_EQ(refused->status, 200);
  EXPECT_EQ(errcode_of(json::parse(refused->body)), 40007);
}

TEST_F(media, come_from_a_phone) {
  auto openid = new_follower();
  auto sent =
    http_.Post("/control/followers/" + openid + "/image", jpeg, "image/jpeg");
  auto id = json::parse(sent->body).at("media_id").get<std::string>();
  EXPECT_EQ(download(id)->body, jpeg);
  auto uploaded = http_.Post("/control/media", jpeg, "image/jpeg");
  EXPECT_NE(json::parse(uploaded->body).at("media_id"), id);
  EXPECT_EQ(http_.Post("/control/media", "text", "text/plain")->status, 400);
}

} // namespace zhiku::sandbox
