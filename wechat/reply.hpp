#pragma once
// The XML that answers a push at once, a passive reply (PROTOCOL 1.4): allowed
// for messages and for subscribe, SCAN and CLICK. In safe mode
// `callback::reply_body` encrypts it. Pure, thread-safe.

#include "wechat/push.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace zhiku::wechat {

/// What of `content` a text may hold: the platform shows its failure notice in
/// place of a longer one, from 2048 bytes at the latest (W12). Cut is neither a
/// character nor a link in two, and a link that ends the text still ends it.
std::string fitted_text(std::string_view content);

/// @param content  fitted, see above
std::string text_reply(const push& to, std::string_view content,
                       std::chrono::sys_seconds now);

/// @param media_id  of an image uploaded before
std::string image_reply(const push& to, const std::string& media_id,
                        std::chrono::sys_seconds now);

struct article {
  std::string title;
  std::string description;
  std::string picture_url;
  std::string url; ///< what a tap opens
};

/// The platform takes one article in answer to a message and eight in answer
/// to an event; those beyond are left out.
/// @pre !articles.empty()
std::string news_reply(const push& to, const std::vector<article>& articles,
                       std::chrono::sys_seconds now);

/// Hands the conversation over to customer service.
/// @param agent  whom to; empty: whoever is free
std::string transfer_reply(const push& to, const std::string& agent,
                           std::chrono::sys_seconds now);

} // namespace zhiku::wechat
