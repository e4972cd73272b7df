#include "wechat/reply.hpp"

#include "wechat/utf8.hpp"

#include <algorithm>

namespace zhiku::wechat {

namespace {

constexpr std::size_t max_content_bytes = 2048;
constexpr std::size_t max_articles_for_event = 8;
constexpr std::size_t max_articles_for_message = 1;

/// A reply of `type`: the names are swapped.
push reply_to(const push& to, std::string type, std::chrono::sys_seconds now) {
  push reply;
  reply.to_user = to.from_user;
  reply.from_user = to.to_user;
  reply.create_time = now;
  reply.msg_type = std::move(type);
  return reply;
}

std::string item_path(std::size_t number) {
  auto count = number == 1 ? "" : '[' + std::to_string(number) + ']';
  return "Articles/item" + count + '/';
}

} // namespace

std::string text_reply(const push& to, std::string_view content,
                       std::chrono::sys_seconds now) {
  auto reply = reply_to(to, "text", now);
  reply.content = prefix_within(content, max_content_bytes);
  return to_xml(reply);
}

std::string image_reply(const push& to, const std::string& media_id,
                        std::chrono::sys_seconds now) {
  auto reply = reply_to(to, "image", now);
  reply.other["Image/MediaId"] = media_id;
  return to_xml(reply);
}

std::string news_reply(const push& to, const std::vector<article>& articles,
                       std::chrono::sys_seconds now) {
  auto reply = reply_to(to, "news", now);
  auto count =
    std::min(articles.size(),
             to.is_event() ? max_articles_for_event : max_articles_for_message);
  reply.other["ArticleCount"] = std::to_string(count);
  for (std::size_t i = 0; i < count; ++i) {
    auto item = item_path(i + 1);
    reply.other[item + "Title"] = articles[i].title;
    reply.other[item + "Description"] = articles[i].description;
    reply.other[item + "PicUrl"] = articles[i].picture_url;
    reply.other[item + "Url"] = articles[i].url;
  }
  return to_xml(reply);
}

std::string transfer_reply(const push& to, const std::string& agent,
                           std::chrono::sys_seconds now) {
  auto reply = reply_to(to, "transfer_customer_service", now);
  if (!agent.empty())
    reply.other["TransInfo/KfAccount"] = agent;
  return to_xml(reply);
}

} // namespace zhiku::wechat
