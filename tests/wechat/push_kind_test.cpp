#include "wechat/push_kind.hpp"

#include <gtest/gtest.h>

namespace zhiku::wechat {

namespace {

/// A push of the platform with `inner` after the common elements.
push parsed(const std::string& inner) {
  return parse_push("<xml><ToUserName><![CDATA[gh_1]]></ToUserName>"
                    "<FromUserName><![CDATA[oABC]]></FromUserName>"
                    "<CreateTime>1348831860</CreateTime>"
                    + inner + "</xml>")
    .value();
}

push message(const std::string& type, const std::string& inner = {}) {
  return parsed("<MsgType><![CDATA[" + type + "]]></MsgType>" + inner);
}

push event(const std::string& name, const std::string& inner = {}) {
  return message("event", "<Event><![CDATA[" + name + "]]></Event>" + inner);
}

std::string choice(const std::string& id, const std::string& status) {
  return "<List><TemplateId><![CDATA[" + id
         + "]]></TemplateId><SubscribeStatusString><![CDATA[" + status
         + "]]></SubscribeStatusString><PopupScene>1</PopupScene></List>";
}

} // namespace

TEST(push_kind, every_message_and_event_has_its_kind) {
  EXPECT_EQ(kind_of(message("text")), push_kind::text);
  EXPECT_EQ(kind_of(message("image")), push_kind::image);
  EXPECT_EQ(kind_of(message("voice")), push_kind::voice);
  EXPECT_EQ(kind_of(message("video")), push_kind::video);
  EXPECT_EQ(kind_of(message("shortvideo")), push_kind::shortvideo);
  EXPECT_EQ(kind_of(message("location")), push_kind::location);
  EXPECT_EQ(kind_of(message("link")), push_kind::link);
  EXPECT_EQ(kind_of(event("subscribe")), push_kind::subscribe);
  EXPECT_EQ(kind_of(event("unsubscribe")), push_kind::unsubscribe);
  EXPECT_EQ(kind_of(event("SCAN")), push_kind::scan);
  EXPECT_EQ(kind_of(event("CLICK")), push_kind::click);
  EXPECT_EQ(kind_of(event("VIEW")), push_kind::view);
  EXPECT_EQ(kind_of(event("view_miniprogram")), push_kind::view_miniprogram);
  EXPECT_EQ(kind_of(event("scancode_push")), push_kind::scancode_push);
  EXPECT_EQ(kind_of(event("scancode_waitmsg")), push_kind::scancode_waitmsg);
  EXPECT_EQ(kind_of(event("TEMPLATESENDJOBFINISH")),
            push_kind::template_report);
  EXPECT_EQ(kind_of(event("subscribe_msg_popup_event")),
            push_kind::subscription_answer);
  EXPECT_EQ(kind_of(event("subscribe_msg_change_event")),
            push_kind::subscription_change);
  EXPECT_EQ(kind_of(event("subscribe_msg_sent_event")),
            push_kind::subscription_receipt);
}

TEST(push_kind, what_is_not_known_stays_so) {
  EXPECT_EQ(kind_of(message("hologram")), push_kind::unknown);
  EXPECT_EQ(kind_of(event("LOCATION")), push_kind::unknown);
  EXPECT_EQ(kind_of(event("text")), push_kind::unknown);
  EXPECT_EQ(kind_of(message("subscribe")), push_kind::unknown);
}

TEST(push_kind, notices_are_not_replied_to) {
  EXPECT_TRUE(may_be_replied(push_kind::text));
  EXPECT_TRUE(may_be_replied(push_kind::subscribe));
  EXPECT_TRUE(may_be_replied(push_kind::scan));
  EXPECT_TRUE(may_be_replied(push_kind::click));
  EXPECT_FALSE(may_be_replied(push_kind::unsubscribe));
  EXPECT_FALSE(may_be_replied(push_kind::view));
  EXPECT_FALSE(may_be_replied(push_kind::template_report));
  EXPECT_FALSE(may_be_replied(push_kind::unknown));
}

TEST(push_kind, media) {
  auto image = message("image", "<PicUrl><![CDATA[http://p]]></PicUrl>"
                                "<MediaId><![CDATA[m1]]></MediaId>"
                                "<MsgId>7</MsgId>");
  EXPECT_EQ(media_in(image), (media_message{"m1", "http://p", "", ""}));
  EXPECT_EQ(image.msg_id, "7");
  EXPECT_EQ(media_in(message("voice", "<MediaId>m2</MediaId>"
                                      "<Format>amr</Format>")),
            (media_message{"m2", "", "amr", ""}));
  EXPECT_EQ(media_in(message("video", "<MediaId>m3</MediaId>"
                                      "<ThumbMediaId>t3</ThumbMediaId>")),
            (media_message{"m3", "", "", "t3"}));
  EXPECT_TRUE(media_in(message("shortvideo")));
  EXPECT_FALSE(media_in(message("text", "<MediaId>m</MediaId>")));
}

TEST(push_kind, place_and_link) {
  EXPECT_EQ(place_in(message("location", "<Location_X>23.134521</Location_X>"
                                         "<Location_Y>113.358803</Location_Y>"
                                         "<Scale>20</Scale>"
                                         "<Label><![CDATA[广州]]></Label>")),
            (place_message{"23.134521", "113.358803", "20", "广州"}));
  EXPECT_EQ(link_in(message("link", "<Title>t</Title>"
                                    "<Description>d</Description>"
                                    "<Url>u</Url>")),
            (link_message{"t", "d", "u"}));
  EXPECT_FALSE(place_in(message("link")));
  EXPECT_FALSE(link_in(message("location")));
}

TEST(push_kind, menu_events) {
  auto scanned = "<EventKey>k</EventKey><ScanCodeInfo>"
                 "<ScanType><![CDATA[qrcode]]></ScanType>"
                 "<ScanResult><![CDATA[1]]></ScanResult></ScanCodeInfo>";
  EXPECT_EQ(scanned_in(event("scancode_push", scanned)),
            (scanned_code{"qrcode", "1"}));
  EXPECT_EQ(scanned_in(event("scancode_waitmsg", scanned)),
            (scanned_code{"qrcode", "1"}));
  EXPECT_FALSE(scanned_in(event("CLICK", scanned)));
  EXPECT_EQ(menu_id_in(event("VIEW", "<MenuId>417</MenuId>")), "417");
  EXPECT_EQ(menu_id_in(event("VIEW")), "");
}

TEST(push_kind, subscription_choices_under_both_wrapper_names) {
  auto two = choice("t1", "accept") + choice("t2", "reject");
  std::vector<subscription_choice> expected{{"t1", true, "1"},
                                            {"t2", false, "1"}};
  for (const auto* name :
       {"subscribe_msg_popup_event", "subscribe_msg_change_event"})
    for (const std::string wrapper :
         {"SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"})
      EXPECT_EQ(choices_in(event(name, '<' + wrapper + '>' + two + "</"
                                         + wrapper + '>')),
                expected)
        << name << ' ' << wrapper;
  EXPECT_TRUE(choices_in(event("subscribe_msg_popup_event")).empty());
  EXPECT_TRUE(choices_in(event("CLICK", "<SubscribeMsgPopupEvent>" + two
                                          + "</SubscribeMsgPopupEvent>"))
                .empty());
}

TEST(push_kind, more_than_nine_choices_keep_their_order) {
  std::string all;
  for (int i = 1; i <= 12; ++i)
    all += choice("t" + std::to_string(i), "accept");
  auto got = choices_in(
    event("subscribe_msg_popup_event",
          "<SubscribeMsgPopupEvent>" + all + "</SubscribeMsgPopupEvent>"));
  ASSERT_EQ(got.size(), 12u);
  for (std::size_t i = 0; i < got.size(); ++i)
    EXPECT_EQ(got[i].template_id, "t" + std::to_string(i + 1));
}

TEST(push_kind, subscription_receipts) {
  auto sent = event("subscribe_msg_sent_event",
                    "<SubscribeMsgSentEvent><List>"
                    "<TemplateId><![CDATA[t1]]></TemplateId>"
                    "<MsgID>1700827132819554304</MsgID>"
                    "<ErrorCode>0</ErrorCode>"
                    "<ErrorStatus><![CDATA[success]]></ErrorStatus>"
                    "</List></SubscribeMsgSentEvent>");
  EXPECT_EQ(receipts_in(sent),
            (std::vector<subscription_receipt>{
              {"t1", "1700827132819554304", "0", "success"}}));
  EXPECT_TRUE(receipts_in(event("VIEW")).empty());
}

} // namespace zhiku::wechat
