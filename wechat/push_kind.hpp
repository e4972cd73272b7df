#pragma once
// What a push says, typed (PROTOCOL 1.6). Pure, thread-safe. Elements that are
// not named here stay in `push::other`.

#include "wechat/push.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace zhiku::wechat {

enum class push_kind : std::uint8_t {
  unknown, ///< answer `success`, count it, go on

  // messages
  text,
  image,
  voice,
  video,
  shortvideo,
  location,
  link,

  // events
  subscribe,        ///< `push::scene` tells the QR code, if one led here
  unsubscribe,      ///< disable what the person gave for following only
  scan,             ///< by somebody who follows already
  click,            ///< `event_key` is the button's key
  view,             ///< `event_key` is the button's url
  view_miniprogram, ///< `event_key` is the path
  scancode_push,
  scancode_waitmsg,
  template_report,       ///< TEMPLATESENDJOBFINISH
  subscription_answer,   ///< subscribe_msg_popup_event: asked, said yes or no
  subscription_change,   ///< subscribe_msg_change_event: taken back in settings
  subscription_receipt,  ///< subscribe_msg_sent_event: sent, or why not
  authorization_revoked, ///< user_authorization_revoke: `push::person` takes
                         ///< back what `RevokeInfo` names
  account_closed, ///< user_authorization_cancellation: `push::person` has left
                  ///< the platform
};

push_kind kind_of(const push& what);

/// Whether the platform shows a passive reply to it.
bool may_be_replied(push_kind kind);

/// Of image, voice, video and shortvideo. The file can be fetched for 3 days.
struct media_message {
  std::string media_id;
  std::string picture_url;    ///< of an image
  std::string format;         ///< of a voice
  std::string thumb_media_id; ///< of a video

  bool operator==(const media_message&) const = default;
};

std::optional<media_message> media_in(const push& what);

/// Of a location; texts as they came.
struct place_message {
  std::string latitude;
  std::string longitude;
  std::string scale;
  std::string label;

  bool operator==(const place_message&) const = default;
};

std::optional<place_message> place_in(const push& what);

struct link_message {
  std::string title;
  std::string description;
  std::string url;

  bool operator==(const link_message&) const = default;
};

std::optional<link_message> link_in(const push& what);

/// Of scancode_push and scancode_waitmsg.
struct scanned_code {
  std::string type; ///< `qrcode` or `barcode`
  std::string text;

  bool operator==(const scanned_code&) const = default;
};

std::optional<scanned_code> scanned_in(const push& what);

/// The `MenuId` of VIEW and view_miniprogram; empty when there is none.
std::string menu_id_in(const push& what);

/// One template, allowed or refused by the person.
struct subscription_choice {
  std::string template_id;
  bool accepted = false;
  std::string popup_scene; ///< 1 page, 2 article; of an answer only

  bool operator==(const subscription_choice&) const = default;
};

/// Of a subscription answer or change, in the platform's order, whichever of
/// its two wrapper names it used; empty for all else.
std::vector<subscription_choice> choices_in(const push& what);

/// One subscription notice, sent or not.
struct subscription_receipt {
  std::string template_id;
  std::string msg_id;
  std::string error_code; ///< "0": delivered
  std::string error_status;

  bool operator==(const subscription_receipt&) const = default;
};

/// Of a subscription receipt; empty for all else.
std::vector<subscription_receipt> receipts_in(const push& what);

} // namespace zhiku::wechat
