#include "wechat/reply.hpp"

#include "wechat/utf8.hpp"

#include <gtest/gtest.h>

namespace zhiku::wechat {

namespace {

constexpr std::chrono::sys_seconds now{std::chrono::seconds{5}};

push message() {
  push out;
  out.to_user = "gh_1";
  out.from_user = "oABC";
  out.msg_type = "text";
  return out;
}

push event() {
  auto out = message();
  out.msg_type = "event";
  out.event = "CLICK";
  return out;
}

push read(const std::string& xml) {
  auto back = parse_push(xml).value();
  EXPECT_EQ(back.to_user, "oABC");
  EXPECT_EQ(back.from_user, "gh_1");
  EXPECT_EQ(back.create_time, now);
  return back;
}

} // namespace

TEST(reply, text_keeps_any_content) {
  auto content = "第一行\n]]><a href=\"https://e.example\">x</a>";
  auto back = read(text_reply(message(), content, now));
  EXPECT_EQ(back.msg_type, "text");
  EXPECT_EQ(back.content, content);
}

TEST(reply, text_is_cut_at_a_character) {
  std::string content;
  for (int i = 0; i < 1000; ++i)
    content += "中";
  auto back = read(text_reply(message(), content, now));
  EXPECT_EQ(back.content.size(), 2046u);
  EXPECT_TRUE(characters_of(back.content));
}

TEST(reply, image) {
  auto back = read(image_reply(message(), "media-1", now));
  EXPECT_EQ(back.msg_type, "image");
  EXPECT_EQ(back.other.at("Image/MediaId"), "media-1");
}

TEST(reply, news_to_an_event_is_up_to_eight_articles) {
  std::vector<article> articles;
  for (int i = 1; i <= 9; ++i)
    articles.push_back({"标题" + std::to_string(i), "]]>", "https://p.example/",
                        "https://e.example/?a=1&b=2"});
  auto back = read(news_reply(event(), articles, now));
  EXPECT_EQ(back.msg_type, "news");
  EXPECT_EQ(back.other.at("ArticleCount"), "8");
  EXPECT_EQ(back.other.at("Articles/item/Title"), "标题1");
  EXPECT_EQ(back.other.at("Articles/item[8]/Title"), "标题8");
  EXPECT_EQ(back.other.at("Articles/item[8]/Description"), "]]>");
  EXPECT_EQ(back.other.at("Articles/item[8]/Url"),
            "https://e.example/?a=1&b=2");
  EXPECT_FALSE(back.other.contains("Articles/item[9]/Title"));
}

TEST(reply, news_to_a_message_is_one_article) {
  auto back = read(news_reply(message(), {{"a", "", "", ""}, {}}, now));
  EXPECT_EQ(back.other.at("ArticleCount"), "1");
  EXPECT_FALSE(back.other.contains("Articles/item[2]/Title"));
}

TEST(reply, transfer_to_anybody_or_to_one) {
  auto free = read(transfer_reply(message(), "", now));
  EXPECT_EQ(free.msg_type, "transfer_customer_service");
  EXPECT_TRUE(free.other.empty());
  auto one = read(transfer_reply(message(), "anna@zhiku", now));
  EXPECT_EQ(one.other.at("TransInfo/KfAccount"), "anna@zhiku");
}

} // namespace zhiku::wechat
