#include "tests/sandbox/fixture.hpp"

namespace zhiku::sandbox {

namespace {

class messages : public sandbox_fixture {
protected:
  json send(const json& body) {
    return api_post("/cgi-bin/message/template/send", body);
  }

  static json passed(const std::string& openid) {
    return {{"touser", openid},
            {"template_id", "sandbox-review"},
            {"data",
             {{"thing1", {{"value", "招标评审专家"}}},
              {"phrase2", {{"value", "已通过"}}}}}};
  }

  json notify(const std::string& openid) {
    return api_post("/cgi-bin/message/subscribe/bizsend", passed(openid));
  }

  json speak(const std::string& openid, const json& message) {
    auto body = message;
    body["touser"] = openid;
    return api_post("/cgi-bin/message/custom/send", body);
  }

  static json text(const std::string& content) {
    return {{"msgtype", "text"}, {"text", {{"content", content}}}};
  }
};

} // namespace

// -- template messages --------------------------------------------------------

TEST_F(messages, name_what_is_wrong_with_a_template_message) {
  auto openid = new_follower();
  auto with = [&openid](const char* key, const json& value) {
    auto body = passed(openid);
    body[key] = value;
    return body;
  };
  EXPECT_EQ(errcode_of(send(with("touser", ""))), 41009);
  EXPECT_EQ(errcode_of(send(with("touser", "oNobody"))), 40003);
  EXPECT_EQ(errcode_of(send(with("template_id", ""))), 40036);
  EXPECT_EQ(errcode_of(send(with("template_id", "unknown"))), 40037);
  auto refused = send(with("data", {{"thing1", {{"value", ""}}}}));
  EXPECT_EQ(refused.at("errcode"), 47003);
  EXPECT_TRUE(refused.at("errmsg").get<std::string>().starts_with(
    "argument invalid! data.thing1.value is empty rid: "));
}

TEST_F(messages, take_only_approved_constants) {
  auto openid = new_follower();
  post("/control/templates", {{"template_id", "T"},
                              {"labels", {{"const1", "结果"}}},
                              {"values", {{"const1", {"通过", "未通过"}}}}});
  auto with = [&openid](const char* value) {
    return json{{"touser", openid},
                {"template_id", "T"},
                {"data", {{"const1", {{"value", value}}}}}};
  };
  EXPECT_EQ(errcode_of(send(with("通过"))), 0);
  EXPECT_EQ(errcode_of(send(with("已通过"))), 47003);
}

TEST_F(messages, list_each_accepted_template_message_once_and_in_order) {
  auto openid = new_follower();
  auto with_id = [&openid](const char* client_msg_id) {
    auto body = passed(openid);
    body["client_msg_id"] = client_msg_id;
    return body;
  };
  auto first = send(with_id("effect-1")).at("msgid");
  EXPECT_EQ(send(with_id("effect-1")).at("msgid"), first);
  send(with_id("effect-2"));
  auto listed = get("/control/template-messages").at("messages");
  ASSERT_EQ(listed.size(), 2u);
  EXPECT_EQ(listed[0].at("msgid"), first);
  EXPECT_EQ(listed[0].at("openid"), openid);
  EXPECT_EQ(listed[0].at("client_msg_id"), "effect-1");
  EXPECT_EQ(listed[1].at("client_msg_id"), "effect-2");
  EXPECT_GE(listed[1].at("at_ms"), listed[0].at("at_ms"));
}

TEST_F(messages, show_the_fields_in_the_order_of_their_numbers) {
  auto openid = new_follower();
  send(passed(openid));
  auto fields = chat_of(openid)[0].at("fields");
  EXPECT_EQ(fields[0].at("name"), "thing1");
  EXPECT_EQ(fields[1].at("name"), "phrase2");
}

// -- subscription notices -----------------------------------------------------

TEST_F(messages, spend_a_consent_on_each_notice) {
  auto openid = new_follower();
  EXPECT_EQ(errcode_of(notify(openid)), 43101);
  auto consent = "/control/followers/" + openid + "/consent";
  post(consent, {{"template_id", "sandbox-review"}, {"accept", false}});
  EXPECT_EQ(errcode_of(notify(openid)), 43101);
  post(consent, {{"template_id", "sandbox-review"}});
  EXPECT_EQ(errcode_of(notify(openid)), 0);
  EXPECT_EQ(errcode_of(notify(openid)), 43101);
  EXPECT_EQ(chat_of(openid)[0].at("kind"), "notice");
}

TEST_F(messages, need_a_consent_but_no_follower_for_a_notice) {
  auto openid = new_follower();
  auto person = "/control/followers/" + openid;
  post(person + "/unsubscribe");
  post(person + "/consent",
       {{"template_id", "sandbox-review"}, {"lasting", true}});
  EXPECT_EQ(errcode_of(notify(openid)), 0);
  EXPECT_EQ(errcode_of(notify(openid)), 0);
  post(person + "/withdraw-consent", {{"template_id", "sandbox-review"}});
  EXPECT_EQ(errcode_of(notify(openid)), 43101);
}

// -- customer service ---------------------------------------------------------

TEST_F(messages, answer_a_person_within_48_hours) {
  auto openid = new_follower();
  EXPECT_EQ(errcode_of(speak(openid, text("您好"))), 0);
  EXPECT_EQ(chat_of(openid)[0].at("text"), "您好");
  advance(std::chrono::hours{48});
  EXPECT_EQ(errcode_of(speak(openid, text("您好"))), 45015);
  post("/control/followers/" + openid + "/text", {{"content", "在吗"}});
  EXPECT_EQ(errcode_of(speak(openid, text("在的"))), 0);
}

TEST_F(messages, name_what_is_wrong_with_a_customer_service_message) {
  auto openid = new_follower();
  EXPECT_EQ(errcode_of(speak("oNobody", text("您好"))), 40003);
  EXPECT_EQ(errcode_of(speak(openid, text(std::string(2049, 'a')))), 45002);
  EXPECT_EQ(errcode_of(speak(openid, {{"msgtype", "dance"}})), 40008);
  EXPECT_EQ(errcode_of(speak(openid, {{"msgtype", "image"},
                                      {"image", {{"media_id", "unknown"}}}})),
            40007);
}

} // namespace zhiku::sandbox
