#include "sandbox/platform.hpp"

namespace zhiku::sandbox {

using nlohmann::json;

namespace {

constexpr std::chrono::hours service_window{48};
constexpr std::size_t max_text_bytes = 2048;

void refuse_unless_right(const template_desk::outcome& verdict) {
  if (verdict.errcode == 0)
    return;
  if (verdict.errmsg.empty())
    throw refusal{verdict.errcode};
  throw refusal{verdict.errcode, verdict.errmsg};
}

json send_template(call& on) {
  auto sent = on.in.templates.send(on.body, on.in.followers, on.now);
  refuse_unless_right(sent);
  if (!sent.repeated) {
    auto report = on.in.push_of(on.text("touser"), "TEMPLATESENDJOBFINISH");
    report.msg_id = std::to_string(sent.msgid);
    report.status = "success";
    on.before_answer = on.in.deliver("template_report", std::move(report));
  }
  auto out = ok();
  out["msgid"] = sent.msgid;
  return out;
}

follower& receiver_of(const call& on) {
  if (on.text("touser").empty())
    throw refusal{41009};
  auto* to = on.in.followers.find(on.text("touser"));
  if (to == nullptr)
    throw refusal{40003};
  return *to;
}

/// A subscription notice needs a consent, not a follower.
json send_notice(call& on) {
  auto& to = receiver_of(on);
  if (auto errcode = on.in.templates.judge_template_id(on.body); errcode != 0)
    throw refusal{errcode};
  refuse_unless_right(on.in.templates.judge_data(on.body));
  auto template_id = on.text("template_id");
  if (!on.in.consents.take(to.openid, template_id))
    throw refusal{43101};
  auto msgid = on.in.templates.next_msgid();
  on.in.templates.deliver_notice(on.body, msgid, to, on.now);
  auto sent = on.in.push_of(to.openid, "subscribe_msg_sent_event");
  const std::string item = "SubscribeMsgSentEvent/List/";
  sent.other = {{item + "TemplateId", template_id},
                {item + "MsgID", std::to_string(msgid)},
                {item + "ErrorCode", "0"},
                {item + "ErrorStatus", "success"}};
  on.before_answer = on.in.deliver("notice_report", std::move(sent));
  return ok();
}

/// The line of the chat that a customer service message becomes.
json line_of(const call& on) {
  auto type = on.text("msgtype");
  auto content = on.body.value(type, json::object());
  if (type == "text") {
    auto text = content.value("content", std::string{});
    if (text.empty())
      throw refusal{44002};
    if (text.size() > max_text_bytes)
      throw refusal{45002};
    return {{"kind", "reply"}, {"text", text}};
  }
  if (type == "image") {
    auto media_id = content.value("media_id", std::string{});
    if (on.in.media.find(media_id, on.now) == nullptr)
      throw refusal{40007};
    return {{"kind", "reply"}, {"text", "[图片]"}, {"media_id", media_id}};
  }
  throw refusal{40008, "invalid message type"};
}

json send_custom(call& on) {
  auto& to = receiver_of(on);
  auto in_time = to.contact_at && on.now - *to.contact_at < service_window;
  if (!to.subscribed || !in_time)
    throw refusal{45015};
  note(to, on.now, line_of(on));
  return ok();
}

} // namespace

std::vector<endpoint> message_endpoints() {
  return {
    {"/cgi-bin/message/template/send", "template_send", method::post_json,
     access::with_token, send_template},
    {"/cgi-bin/message/subscribe/bizsend", "notice_send", method::post_json,
     access::with_token, send_notice},
    {"/cgi-bin/message/custom/send", "custom_send", method::post_json,
     access::with_token, send_custom},
  };
}

} // namespace zhiku::sandbox
