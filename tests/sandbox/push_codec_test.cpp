#include "sandbox/push_codec.hpp"

#include "wechat/callback.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

namespace zhiku::sandbox {

namespace {

constexpr const char* old_key = "kWxPEV2UEDyxWpmPdKC3F4dgPDmOvfKX1HGnEUDS1aR";
constexpr const char* new_key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

wechat::push event(const std::string& name) {
  wechat::push out;
  out.to_user = "gh_1";
  out.from_user = "oA";
  out.msg_type = "event";
  out.event = name;
  return out;
}

settings safely() {
  settings how;
  how.mode = wechat::push_mode::safe;
  how.encoding_aes_key = old_key;
  return how;
}

/// Whether a server that knows only `key` opens what `codec` writes.
bool opens(push_codec& codec, const char* key) {
  auto how = safely();
  auto gate =
    wechat::callback::of({how.app_id, how.token, how.mode, key, {}, {}});
  auto written = codec.write(event("SCAN"));
  httplib::Params query;
  httplib::detail::parse_query_text(written.query, query);
  return gate->verify_post(query, written.body, {}).ok();
}

} // namespace

TEST(push_codec, nests_elements_by_path) {
  auto what = event("subscribe_msg_sent_event");
  what.other = {{"SubscribeMsgSentEvent/List/MsgID", "7"},
                {"SubscribeMsgSentEvent/List/TemplateId", "T"},
                {"MenuId", "1"}};
  auto xml = push_xml(what, false);
  EXPECT_NE(xml.find("<SubscribeMsgSentEvent><List><MsgID><![CDATA[7]]>"
                     "</MsgID><TemplateId>"),
            std::string::npos);
  auto read = wechat::parse_push(xml);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->other, what.other);
}

TEST(push_codec, writes_empty_event_keys_when_told) {
  auto empty = "<EventKey><![CDATA[]]></EventKey>";
  EXPECT_EQ(push_xml(event("subscribe"), false).find("EventKey"),
            std::string::npos);
  EXPECT_NE(push_xml(event("subscribe"), true).find(empty), std::string::npos);
}

// PROTOCOL 1.3: the console changes the key while old pushes are in flight.
TEST(push_codec, writes_some_pushes_under_the_key_before) {
  push_codec codec{safely()};
  EXPECT_TRUE(opens(codec, old_key));
  ASSERT_TRUE(codec.rotate_key(new_key, 1));
  EXPECT_TRUE(opens(codec, old_key));
  EXPECT_TRUE(opens(codec, new_key));
  EXPECT_FALSE(opens(codec, old_key));
  EXPECT_FALSE(codec.rotate_key("too short", 0));
}

} // namespace zhiku::sandbox
