#include "wechat/reply.hpp"

#include "base/utf8.hpp"

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

// W12: at 2048 bytes, or less, the platform shows its failure notice.
TEST(reply, w12_text_is_cut_at_a_character) {
  for (const std::string character : {"a", "中", "💡"})
    for (std::size_t shift = 0; shift < 5; ++shift) {
      std::string content(shift, 'a');
      while (content.size() < 3000)
        content += character;
      auto back = read(text_reply(message(), content, now));
      EXPECT_LE(back.content.size(), 1800u);
      EXPECT_GT(back.content.size(), 1790u);
      EXPECT_TRUE(characters_of(back.content));
      EXPECT_TRUE(back.content.ends_with("…"));
    }
}

TEST(reply, w12_no_link_is_cut_in_two) {
  const std::string link = "<a href=\"https://e.example/?to=%2Fh5\">查看</a>";
  for (std::size_t before = 1700; before < 1810; ++before) {
    auto fitted =
      fitted_text(std::string(before, 'a') + link + std::string(500, 'b'));
    EXPECT_LE(fitted.size(), 1800u);
    auto begins = fitted.find('<') != std::string::npos;
    EXPECT_EQ(fitted.find(link) != std::string::npos, begins) << before;
  }
}

TEST(reply, w12_a_link_at_the_end_stays_there) {
  const std::string link = "<a href=\"https://e.example/\">查看申请</a>";
  for (std::size_t size = 1700; size < 2200; ++size) {
    auto fitted = fitted_text(std::string(size, 'a') + "\n\n" + link);
    EXPECT_LE(fitted.size(), 1800u);
    EXPECT_TRUE(fitted.ends_with("\n\n" + link)) << size;
  }
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
