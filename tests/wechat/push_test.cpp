#include "wechat/push.hpp"

#include "tests/wechat/vectors.hpp"
#include "wechat/utf8.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace zhiku::wechat {

namespace {

constexpr const char* text_xml =
  "<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
  "<FromUserName><![CDATA[oABC]]></FromUserName>"
  "<CreateTime>1348831860</CreateTime><MsgType><![CDATA[text]]></MsgType>"
  "<Content><![CDATA[<!DOCTYPE html> 你好]]></Content>"
  "<MsgId>1234567890123456789</MsgId></xml>";

push event_of(const std::string& name, const std::string& key) {
  push out;
  out.to_user = "gh_1";
  out.from_user = "oABC";
  out.create_time = std::chrono::sys_seconds{std::chrono::seconds{1700000000}};
  out.msg_type = "event";
  out.event = name;
  out.event_key = key;
  return out;
}

std::string nested(int depth) {
  std::string open;
  std::string close;
  for (int i = 0; i < depth; ++i) {
    open += "<a>";
    close += "</a>";
  }
  return "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType>" + open
         + "x" + close + "</xml>";
}

} // namespace

TEST(push, parses_a_text) {
  auto got = parse_push(text_xml);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->to_user, "gh_1");
  EXPECT_EQ(got->from_user, "oABC");
  EXPECT_EQ(got->create_time.time_since_epoch().count(), 1348831860);
  EXPECT_FALSE(got->is_event());
  EXPECT_EQ(got->content, "<!DOCTYPE html> 你好");
  EXPECT_EQ(got->msg_id, "1234567890123456789");
}

TEST(push, parses_every_xml_message_of_the_vectors) {
  for (const auto& v : tests::vectors("aes_decrypt")) {
    auto message = tests::text(v, "message");
    if (message.starts_with("<xml>")) {
      EXPECT_TRUE(parse_push(message)) << v.at("name");
    }
  }
}

TEST(push, parses_a_template_report) {
  auto got = parse_push(
    "<xml><ToUserName><![CDATA[gh_7]]></ToUserName>"
    "<FromUserName><![CDATA[oABC]]></FromUserName>"
    "<CreateTime>1395658984</CreateTime><MsgType><![CDATA[event]]></MsgType>"
    "<Event><![CDATA[TEMPLATESENDJOBFINISH]]></Event>"
    "<MsgID>200163840</MsgID>"
    "<Status><![CDATA[failed:user block]]></Status></xml>");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->msg_id, "200163840");
  EXPECT_EQ(got->status, "failed:user block");
}

TEST(push, keeps_unknown_types_and_nested_elements) {
  auto got = parse_push(
    "<xml><FromUserName>o</FromUserName><MsgType>hologram</MsgType>"
    "<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult>1</ScanResult>"
    "</ScanCodeInfo><Depth>3</Depth></xml>");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->msg_type, "hologram");
  EXPECT_EQ(got->other.at("ScanCodeInfo/ScanResult"), "1");
  EXPECT_EQ(got->other.at("Depth"), "3");
}

TEST(push, refuses_document_types_and_entities) {
  EXPECT_FALSE(
    parse_push("<!DOCTYPE xml [<!ENTITY a \"b\">]>" + std::string{text_xml}));
  EXPECT_FALSE(parse_push("<!DOCTYPE xml SYSTEM \"file:///etc/passwd\">"
                          + std::string{text_xml}));
}

TEST(push, refuses_depth_size_and_bad_text) {
  EXPECT_TRUE(parse_push(nested(3)));
  EXPECT_FALSE(parse_push(nested(40)));
  EXPECT_FALSE(parse_push(nested(9000)));
  EXPECT_FALSE(parse_push(text_xml + std::string(max_push_bytes, ' ')));
  EXPECT_FALSE(parse_push("<xml><FromUserName>o</FromUserName>"
                          "<MsgType>\xC0\xAF</MsgType></xml>"));
  EXPECT_FALSE(parse_push(""));
  EXPECT_FALSE(parse_push("{\"FromUserName\":\"o\"}"));
}

TEST(push, never_crashes_on_arbitrary_bytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    parse_push(bytes);
    parse_push("<xml>" + bytes + "</xml>");
    auto damaged = std::string{text_xml};
    auto at = *rc::gen::inRange<std::size_t>(0, damaged.size());
    damaged.replace(at, std::min<std::size_t>(bytes.size(), 8), bytes);
    parse_push(damaged);
    parse_envelope(damaged);
  }));
}

TEST(push, round_trip_through_xml) {
  EXPECT_TRUE(rc::check([](const std::string& raw) {
    push out = event_of("CLICK", "k");
    // XML has no place for control characters.
    for (auto c : raw)
      if (auto ascii = static_cast<char>(c & 0x7F); ascii >= ' ')
        out.content += ascii;
    auto back = parse_push(to_xml(out));
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->content == out.content);
    RC_ASSERT(back->dedup_key() == out.dedup_key());
  }));
}

TEST(push, scene_of_both_events) {
  EXPECT_EQ(event_of("subscribe", "qrscene_login:1").scene(), "login:1");
  EXPECT_EQ(event_of("SCAN", "login:1").scene(), "login:1");
  EXPECT_EQ(event_of("subscribe", "").scene(), "");
  EXPECT_EQ(event_of("CLICK", "qrscene_x").scene(), "");
}

TEST(push, dedup_key_tells_events_of_one_second_apart) {
  auto click = event_of("CLICK", "HELP");
  EXPECT_EQ(click.dedup_key(), event_of("CLICK", "HELP").dedup_key());
  EXPECT_NE(click.dedup_key(), event_of("VIEW", "HELP").dedup_key());
  EXPECT_NE(click.dedup_key(), event_of("CLICK", "MORE").dedup_key());
  EXPECT_EQ(click.dedup_key().size(), 64u);
}

TEST(push, dedup_key_of_messages_and_reports_is_their_id) {
  auto text = parse_push(text_xml).value();
  auto later = text;
  later.create_time += std::chrono::seconds{5};
  EXPECT_EQ(text.dedup_key(), later.dedup_key());
  later.msg_id = "2";
  EXPECT_NE(text.dedup_key(), later.dedup_key());

  auto report = event_of("TEMPLATESENDJOBFINISH", "");
  report.msg_id = "7";
  auto again = report;
  again.create_time += std::chrono::seconds{9};
  EXPECT_EQ(report.dedup_key(), again.dedup_key());
}

TEST(push, cdata_splits_its_own_end) {
  EXPECT_EQ(cdata("a]]>b"), "<![CDATA[a]]]]><![CDATA[>b]]>");
  EXPECT_EQ(cdata(""), "<![CDATA[]]>");
}

TEST(push, text_reply_swaps_the_names_and_keeps_any_content) {
  auto to = parse_push(text_xml).value();
  auto xml = text_reply(to, "第一行\n]]><a href=\"https://e.example\">x</a>",
                        std::chrono::sys_seconds{std::chrono::seconds{5}});
  auto back = parse_push(xml).value();
  EXPECT_EQ(back.to_user, "oABC");
  EXPECT_EQ(back.from_user, "gh_1");
  EXPECT_EQ(back.create_time.time_since_epoch().count(), 5);
  EXPECT_EQ(back.content, "第一行\n]]><a href=\"https://e.example\">x</a>");
}

TEST(push, text_reply_is_cut_at_a_character) {
  std::string content;
  for (int i = 0; i < 1000; ++i)
    content += "中";
  auto back = parse_push(text_reply(parse_push(text_xml).value(), content, {}));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->content.size(), 2046u);
  EXPECT_TRUE(characters_of(back->content));
}

TEST(push, envelopes) {
  auto reply =
    parse_envelope(reply_envelope({{}, "QUJD", "sig", "1700000000", "n]]>"}));
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->encrypted, "QUJD");
  EXPECT_EQ(reply->msg_signature, "sig");
  EXPECT_EQ(reply->timestamp, "1700000000");
  EXPECT_EQ(reply->nonce, "n]]>");
  auto spaced = parse_envelope("<xml><Encrypt>\n <![CDATA[QUJD]]>\n</Encrypt>"
                               "</xml>");
  ASSERT_TRUE(spaced);
  EXPECT_EQ(spaced->encrypted, "QUJD");
  EXPECT_FALSE(parse_envelope(text_xml));
}

} // namespace zhiku::wechat
