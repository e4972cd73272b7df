#include "wechat/push.hpp"

#include "tests/wechat/vectors.hpp"
#include "wechat/xml_text.hpp"

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

/// What XML can carry, with all that could end a CDATA section or an element.
rc::Gen<std::string> any_text() {
  auto piece = rc::gen::element<std::string>("a", " ", "]]>", "]", "<", "&amp;",
                                             "\n", "\"", "</xml>", "中", "💡");
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(piece),
                      [](const std::vector<std::string>& pieces) {
                        std::string out;
                        for (const auto& each : pieces)
                          out += each;
                        return out;
                      });
}

/// A few elements, some of them repeated, some with the names of fields, some
/// with elements inside.
rc::Gen<std::string> any_elements(int depth) {
  return rc::gen::exec([depth] {
    std::string out;
    auto count = *rc::gen::inRange(0, 4);
    for (int i = 0; i < count; ++i) {
      auto name = *rc::gen::element<std::string>("Content", "List", "MsgID",
                                                 "CreateTime");
      auto has_inner = depth > 0 && *rc::gen::arbitrary<bool>();
      auto inner = has_inner ? *any_elements(depth - 1) : std::string{"1"};
      out += '<' + name + '>' + inner + "</" + name + '>';
    }
    return out;
  });
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

// W6: staff sent to all from the console.
TEST(push, w6_takes_the_report_of_a_mass_message) {
  auto got = parse_push(
    "<xml><ToUserName>gh_7</ToUserName><FromUserName>oMass</FromUserName>"
    "<CreateTime>1700000000</CreateTime><MsgType>event</MsgType>"
    "<Event>MASSSENDJOBFINISH</Event><MsgID>1000001625</MsgID>"
    "<Status><![CDATA[err(30003)]]></Status><TotalCount>0</TotalCount>"
    "<CopyrightCheckResult><Count>2</Count><ResultList>"
    "<item><ArticleIdx>1</ArticleIdx><AuditState>2</AuditState></item>"
    "<item><ArticleIdx>2</ArticleIdx></item></ResultList>"
    "<CheckState>2</CheckState></CopyrightCheckResult>"
    "<ArticleUrlResult><Count>1</Count><ResultList><item>"
    "<ArticleIdx>1</ArticleIdx>"
    "<ArticleUrl><![CDATA[http://mp.weixin.qq.com/s?a=1&b=2]]></ArticleUrl>"
    "</item></ResultList></ArticleUrlResult></xml>");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->msg_id, "1000001625");
  auto report = *got;
  report.event = "TEMPLATESENDJOBFINISH";
  EXPECT_NE(got->dedup_key(), report.dedup_key());
}

TEST(push, refuses_document_types_and_entities) {
  EXPECT_FALSE(
    parse_push("<!DOCTYPE xml [<!ENTITY a \"b\">]>" + std::string{text_xml}));
  EXPECT_FALSE(parse_push("<!DOCTYPE xml SYSTEM \"file:///etc/passwd\">"
                          + std::string{text_xml}));
}

TEST(push, refuses_depth_and_size) {
  EXPECT_TRUE(parse_push(nested(3)));
  EXPECT_FALSE(parse_push(nested(40)));
  EXPECT_FALSE(parse_push(nested(9000)));
  EXPECT_FALSE(parse_push(text_xml + std::string(max_push_bytes, ' ')));
  EXPECT_FALSE(parse_push(""));
  EXPECT_FALSE(parse_push("{\"FromUserName\":\"o\"}"));
}

TEST(push, an_absurd_time_is_long_ago) {
  auto at = [](const std::string& text) {
    return parse_push("<xml><FromUserName>o</FromUserName>"
                      "<MsgType>text</MsgType><CreateTime>"
                      + text + "</CreateTime></xml>")
      ->create_time.time_since_epoch()
      .count();
  };
  EXPECT_EQ(at("253402300799"), 253402300799);
  for (const auto* padded : {" 1700000000", "1700000000\n", "\t1700000000 "})
    EXPECT_EQ(at(padded), 1700000000) << padded;
  for (const auto* absurd : {"253402300800", "9223372036854775807",
                             "99999999999999999999", "-1", "soon", ""})
    EXPECT_EQ(at(absurd), 0) << absurd;
}

TEST(push, references_to_what_is_no_character_are_replaced) {
  auto with = [](const std::string& reference) {
    return "<xml><FromUserName>o</FromUserName><MsgType>text</MsgType>"
           "<Content>"
           + reference + "</Content></xml>";
  };
  EXPECT_EQ(parse_push(with("&#x4E2D;&amp;"))->content, "中&");
  for (const auto* odd : {"&#xD800;", "&#x7FFFFFFF;", "&#1;", "&#xFFFE;"}) {
    auto got = parse_push(with(odd));
    ASSERT_TRUE(got) << odd;
    EXPECT_EQ(got->content, xml_text(got->content)) << odd;
  }
}

// W1: the platform passes what people typed through, and XML forbids some.
TEST(push, w1_bytes_that_xml_forbids_are_replaced) {
  auto with = [](std::string_view odd) {
    std::string xml = text_xml;
    return xml.replace(xml.find("<!DOCTYPE html>"), 15, odd);
  };
  const std::pair<std::string, std::string> table[] = {
    {"\x1D\x63", "\uFFFDc"},
    {"\x01", "\uFFFD"},
    {"\x0B", "\uFFFD"},
    {"\x1F", "\uFFFD"},
    {"\xEF\xBF\xBE", "\uFFFD"},
    {std::string("\0", 1), "\uFFFD"},
    {"\xC9\xF3", "\uFFFD\uFFFD"},
    {"\xC0\xAF", "\uFFFD\uFFFD"},
    {"\xE4\xB8", "\uFFFD\uFFFD"},
    {"\xF0\x9F\x92", "\uFFFD\uFFFD\uFFFD"},
    {"\t\n", "\t\n"}};
  for (const auto& [odd, text] : table) {
    auto got = parse_push(with(odd));
    ASSERT_TRUE(got) << text;
    EXPECT_EQ(got->content, text + " 你好");
    EXPECT_EQ(got->msg_id, "1234567890123456789");
    EXPECT_EQ(parse_push(to_xml(*got)), got);
  }
}

TEST(push, w1_no_text_makes_xml_that_is_not_well_formed) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    auto what = event_of("CLICK", "k");
    what.content = bytes;
    auto xml = to_xml(what);
    RC_ASSERT(xml == xml_text(xml));
    RC_ASSERT(parse_push(xml)->msg_type == "event");
  }));
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

TEST(push, repeated_elements_are_counted) {
  auto got =
    parse_push("<xml><FromUserName>o</FromUserName><MsgType>event</MsgType>"
               "<A><List><B>1</B></List><List><B>2</B><B>3</B></List></A>"
               "<Content>first</Content><Content>second</Content></xml>");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->other,
            (std::map<std::string, std::string>{{"A/List/B", "1"},
                                                {"A/List[2]/B", "2"},
                                                {"A/List[2]/B[2]", "3"},
                                                {"Content[2]", "second"}}));
  EXPECT_EQ(got->content, "first");
}

TEST(push, round_trip_through_xml) {
  EXPECT_TRUE(rc::check([] {
    auto out = event_of("CLICK", "k");
    out.content = *any_text();
    out.event_key = *any_text();
    out.ticket = *any_text();
    out.status = *any_text();
    out.msg_id = std::to_string(*rc::gen::arbitrary<std::uint64_t>());
    out.other["Plain"] = *any_text();
    out.other["Wrapper/List/A"] = *any_text();
    auto repeats = *rc::gen::inRange(2, 15);
    for (int i = 2; i < repeats; ++i) {
      auto list = "Wrapper/List[" + std::to_string(i) + "]/";
      out.other[list + "A"] = *any_text();
      out.other[list + "Deep/B"] = *any_text();
    }
    auto back = parse_push(to_xml(out));
    RC_ASSERT(back.has_value());
    RC_ASSERT(*back == out);
  }));
}

TEST(push, whatever_was_parsed_can_be_written_and_read_again) {
  EXPECT_TRUE(rc::check([] {
    auto xml = "<xml><FromUserName>o</FromUserName><MsgType>event</MsgType>"
               + *any_elements(3) + "</xml>";
    auto once = parse_push(xml);
    RC_ASSERT(once.has_value());
    RC_ASSERT(parse_push(to_xml(*once)) == once);
  }));
}

TEST(push, an_empty_element_at_the_deepest_level_survives) {
  auto once = parse_push("<xml><FromUserName>o</FromUserName>"
                         "<MsgType>text</MsgType><a><b><c><d><e><f><g/></f></e>"
                         "</d></c></b></a></xml>");
  ASSERT_TRUE(once);
  ASSERT_TRUE(once->other.contains("a/b/c/d/e/f/g"));
  EXPECT_EQ(parse_push(to_xml(*once)), once);
}

TEST(push, scene_of_both_events) {
  EXPECT_EQ(event_of("subscribe", "qrscene_login:1").scene(), "login:1");
  EXPECT_EQ(event_of("SCAN", "login:1").scene(), "login:1");
  EXPECT_EQ(event_of("subscribe", "").scene(), "");
  EXPECT_EQ(event_of("CLICK", "qrscene_x").scene(), "");
  // W2: after a payment the key is a trade number.
  for (const auto* key :
       {"last_trade_no_4000000000201701100000000001", "foo_bar", "123"})
    EXPECT_EQ(event_of("subscribe", key).scene(), "") << key;
}

TEST(push, dedup_key_tells_events_of_one_second_apart) {
  auto click = event_of("CLICK", "HELP");
  EXPECT_EQ(click.dedup_key(), event_of("CLICK", "HELP").dedup_key());
  EXPECT_NE(click.dedup_key(), event_of("VIEW", "HELP").dedup_key());
  EXPECT_NE(click.dedup_key(), event_of("CLICK", "MORE").dedup_key());
  EXPECT_EQ(click.dedup_key().size(), 64u);
}

// W4: fifteen people spoke at once, and some messages shared their MsgId.
TEST(push, w4_dedup_key_tells_senders_apart) {
  auto text = parse_push(text_xml).value();
  auto other = text;
  other.from_user = "oOther";
  EXPECT_NE(text.dedup_key(), other.dedup_key());
  auto report = event_of("TEMPLATESENDJOBFINISH", "");
  report.msg_id = "7";
  auto another = report;
  another.from_user = "oOther";
  EXPECT_NE(report.dedup_key(), another.dedup_key());
}

namespace {

push authorization_event(const std::string& name, const std::string& openid) {
  auto what = event_of(name, "");
  what.from_user = "oPLATFORM0000000000000000000";
  if (!openid.empty())
    what.other["OpenID"] = openid;
  return what;
}

} // namespace

TEST(push, w7_the_person_of_an_authorization_is_not_the_sender) {
  for (const auto* name :
       {"user_authorization_revoke", "user_authorization_cancellation",
        "user_info_modified"}) {
    EXPECT_EQ(authorization_event(name, "oABC").person(), "oABC") << name;
    EXPECT_EQ(authorization_event(name, "").person(), "") << name;
  }
  auto forged = event_of("subscribe", "");
  forged.other["OpenID"] = "oOther";
  EXPECT_EQ(forged.person(), "oABC");
}

TEST(push, w7_dedup_key_of_authorizations) {
  auto one = authorization_event("user_authorization_revoke", "oABC");
  auto other = authorization_event("user_authorization_revoke", "oOther");
  EXPECT_NE(one.dedup_key(), other.dedup_key());
  auto position = one;
  position.other["RevokeInfo"] = "206";
  EXPECT_NE(one.dedup_key(), position.dedup_key());
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
