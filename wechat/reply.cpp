#include "wechat/reply.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace zhiku::wechat {

namespace {

// One report puts the platform's limit at 2047 bytes, another lower still.
constexpr std::size_t max_content_bytes = 1800;
constexpr std::string_view link_begin = "<a ";
constexpr std::string_view link_end = "</a>";
constexpr std::string_view cut_mark = "…";
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

/// The link that ends `content`; empty when none does.
std::string_view last_link(std::string_view content) {
  auto begin = content.rfind(link_begin);
  if (begin == std::string_view::npos || !content.ends_with(link_end))
    return {};
  auto link = content.substr(begin);
  return link.size() > max_content_bytes / 2 ? std::string_view{} : link;
}

/// The longest beginning of `content` that cuts neither a character nor a link.
std::string_view beginning_within(std::string_view content, std::size_t bytes) {
  auto kept = prefix_within(content, bytes);
  auto begin = content.rfind(link_begin, kept.size());
  if (begin >= kept.size())
    return kept;
  auto end = content.find(link_end, begin);
  auto is_cut =
    end != std::string_view::npos && end + link_end.size() > kept.size();
  return is_cut ? kept.substr(0, begin) : kept;
}

std::string item_path(std::size_t number) {
  auto count = number == 1 ? "" : '[' + std::to_string(number) + ']';
  return "Articles/item" + count + '/';
}

} // namespace

std::string fitted_text(std::string_view content) {
  if (content.size() <= max_content_bytes)
    return std::string{content};
  auto link = last_link(content);
  std::string ending{cut_mark};
  if (!link.empty())
    ending += "\n\n" + std::string{link};
  content.remove_suffix(link.size());
  auto room = max_content_bytes - ending.size();
  return std::string{beginning_within(content, room)} + ending;
}

std::string text_reply(const push& to, std::string_view content,
                       std::chrono::sys_seconds now) {
  auto reply = reply_to(to, "text", now);
  reply.content = fitted_text(content);
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
