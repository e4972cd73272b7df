#include "wechat/push_kind.hpp"

#include <array>
#include <string_view>
#include <utility>

namespace zhiku::wechat {

namespace {

using named_kind = std::pair<std::string_view, push_kind>;

constexpr auto messages = std::to_array<named_kind>({
  {"text", push_kind::text},
  {"image", push_kind::image},
  {"voice", push_kind::voice},
  {"video", push_kind::video},
  {"shortvideo", push_kind::shortvideo},
  {"location", push_kind::location},
  {"link", push_kind::link},
});

constexpr auto events = std::to_array<named_kind>({
  {"subscribe", push_kind::subscribe},
  {"unsubscribe", push_kind::unsubscribe},
  {"SCAN", push_kind::scan},
  {"CLICK", push_kind::click},
  {"VIEW", push_kind::view},
  {"view_miniprogram", push_kind::view_miniprogram},
  {"scancode_push", push_kind::scancode_push},
  {"scancode_waitmsg", push_kind::scancode_waitmsg},
  {"TEMPLATESENDJOBFINISH", push_kind::template_report},
  {"subscribe_msg_popup_event", push_kind::subscription_answer},
  {"subscribe_msg_change_event", push_kind::subscription_change},
  {"subscribe_msg_sent_event", push_kind::subscription_receipt},
  {"user_authorization_revoke", push_kind::authorization_revoked},
  {"user_authorization_cancellation", push_kind::account_closed},
});

template <class Table>
push_kind look_up(const Table& table, std::string_view name) {
  for (const auto& [known, kind] : table)
    if (known == name)
      return kind;
  return push_kind::unknown;
}

std::string other_in(const push& what, const std::string& path) {
  auto found = what.other.find(path);
  return found == what.other.end() ? std::string{} : found->second;
}

/// The paths of the `List` elements in `wrapper`, as far as they come with a
/// template.
std::vector<std::string> entries_in(const push& what,
                                    const std::string& wrapper) {
  std::vector<std::string> out;
  auto entry = wrapper + "/List/";
  while (what.other.contains(entry + "TemplateId")) {
    out.push_back(entry);
    entry = wrapper + "/List[" + std::to_string(out.size() + 1) + "]/";
  }
  return out;
}

} // namespace

push_kind kind_of(const push& what) {
  return what.is_event() ? look_up(events, what.event)
                         : look_up(messages, what.msg_type);
}

bool may_be_replied(push_kind kind) {
  switch (kind) {
  case push_kind::text:
  case push_kind::image:
  case push_kind::voice:
  case push_kind::video:
  case push_kind::shortvideo:
  case push_kind::location:
  case push_kind::link:
  case push_kind::subscribe:
  case push_kind::scan:
  case push_kind::click:
    return true;
  default:
    return false;
  }
}

std::optional<media_message> media_in(const push& what) {
  auto kind = kind_of(what);
  if (kind != push_kind::image && kind != push_kind::voice
      && kind != push_kind::video && kind != push_kind::shortvideo)
    return std::nullopt;
  return media_message{other_in(what, "MediaId"), other_in(what, "PicUrl"),
                       other_in(what, "Format"),
                       other_in(what, "ThumbMediaId")};
}

std::optional<place_message> place_in(const push& what) {
  if (kind_of(what) != push_kind::location)
    return std::nullopt;
  return place_message{other_in(what, "Location_X"),
                       other_in(what, "Location_Y"), other_in(what, "Scale"),
                       other_in(what, "Label")};
}

std::optional<link_message> link_in(const push& what) {
  if (kind_of(what) != push_kind::link)
    return std::nullopt;
  return link_message{other_in(what, "Title"), other_in(what, "Description"),
                      other_in(what, "Url")};
}

std::optional<scanned_code> scanned_in(const push& what) {
  auto kind = kind_of(what);
  if (kind != push_kind::scancode_push && kind != push_kind::scancode_waitmsg)
    return std::nullopt;
  return scanned_code{other_in(what, "ScanCodeInfo/ScanType"),
                      other_in(what, "ScanCodeInfo/ScanResult")};
}

std::string menu_id_in(const push& what) {
  return other_in(what, "MenuId");
}

std::vector<subscription_choice> choices_in(const push& what) {
  auto kind = kind_of(what);
  std::vector<subscription_choice> out;
  if (kind != push_kind::subscription_answer
      && kind != push_kind::subscription_change)
    return out;
  for (const auto* wrapper :
       {"SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent"})
    for (const auto& entry : entries_in(what, wrapper))
      out.push_back(
        {other_in(what, entry + "TemplateId"),
         other_in(what, entry + "SubscribeStatusString") == "accept",
         other_in(what, entry + "PopupScene")});
  return out;
}

std::vector<subscription_receipt> receipts_in(const push& what) {
  std::vector<subscription_receipt> out;
  if (kind_of(what) != push_kind::subscription_receipt)
    return out;
  for (const auto& entry : entries_in(what, "SubscribeMsgSentEvent"))
    out.push_back({other_in(what, entry + "TemplateId"),
                   other_in(what, entry + "MsgID"),
                   other_in(what, entry + "ErrorCode"),
                   other_in(what, entry + "ErrorStatus")});
  return out;
}

} // namespace zhiku::wechat
