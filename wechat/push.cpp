#include "wechat/push.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "wechat/utf8.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

namespace zhiku::wechat {

namespace {

constexpr int max_depth = 8;
constexpr std::size_t max_reply_content_bytes = 2048;
constexpr std::string_view scene_prefix = "qrscene_";
constexpr std::string_view white_space = " \t\r\n";

/// Stops at a document type or below `max_depth`.
class limits_walker : public pugi::xml_tree_walker {
public:
  bool for_each(pugi::xml_node& node) override {
    return node.type() != pugi::node_doctype && depth() < max_depth;
  }
};

/// Loads `xml` into `document`; the root element, or an empty node.
pugi::xml_node load(pugi::xml_document& document, std::string_view xml) {
  if (xml.size() > max_push_bytes || !characters_of(xml))
    return {};
  // Document types are kept, so that the walker can refuse them: a search in
  // the text would also hit what people write inside CDATA.
  auto loaded = document.load_buffer(xml.data(), xml.size(),
                                     pugi::parse_default | pugi::parse_doctype,
                                     pugi::encoding_utf8);
  limits_walker limits;
  if (!loaded || !document.traverse(limits))
    return {};
  return document.child("xml");
}

/// All text of `node`; CDATA may come in several sections.
std::string text_of(const pugi::xml_node& node) {
  std::string out;
  for (const auto& part : node.children())
    if (part.type() == pugi::node_cdata || part.type() == pugi::node_pcdata)
      out += part.value();
  return out;
}

bool has_elements(const pugi::xml_node& node) {
  return !node
            .find_child([](const pugi::xml_node& child) {
              return child.type() == pugi::node_element;
            })
            .empty();
}

std::string trimmed(const std::string& text) {
  auto first = text.find_first_not_of(white_space);
  if (first == std::string::npos)
    return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

std::chrono::sys_seconds time_of(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return std::chrono::sys_seconds{std::chrono::seconds{value}};
}

/// Where an element's text goes; null when it is not one of the common ones.
std::string* slot_of(push& into, std::string_view name) {
  const std::array<std::pair<std::string_view, std::string*>, 10> slots = {{
    {"ToUserName", &into.to_user},
    {"FromUserName", &into.from_user},
    {"MsgType", &into.msg_type},
    {"Event", &into.event},
    {"EventKey", &into.event_key},
    {"Ticket", &into.ticket},
    {"MsgId", &into.msg_id},
    {"MsgID", &into.msg_id},
    {"Content", &into.content},
    {"Status", &into.status},
  }};
  for (const auto& [key, slot] : slots)
    if (key == name)
      return slot;
  return nullptr;
}

void collect(push& into, const pugi::xml_node& parent,
             const std::string& path) {
  for (const auto& node : parent.children()) {
    if (node.type() != pugi::node_element)
      continue;
    auto name = path + node.name();
    if (has_elements(node))
      collect(into, node, name + '/');
    else if (auto* slot = slot_of(into, name))
      *slot = text_of(node);
    else if (name == "CreateTime")
      into.create_time = time_of(text_of(node));
    else
      into.other.emplace(std::move(name), text_of(node));
  }
}

std::string element(std::string_view name, std::string_view content) {
  std::string out = "<";
  out += name;
  out += '>';
  out += content;
  out += "</";
  out += name;
  out += '>';
  return out;
}

std::string number(std::chrono::sys_seconds at) {
  return std::to_string(at.time_since_epoch().count());
}

} // namespace

std::string push::scene() const {
  if (event == "SCAN")
    return event_key;
  if (event == "subscribe" && event_key.starts_with(scene_prefix))
    return event_key.substr(scene_prefix.size());
  return {};
}

std::string push::dedup_key() const {
  std::string key;
  if (!is_event() && !msg_id.empty())
    key = "message\n" + msg_id;
  else if (event == "TEMPLATESENDJOBFINISH")
    key = event + '\n' + msg_id;
  else
    key = "event\n" + from_user + '\n' + number(create_time) + '\n' + msg_type
          + '\n' + event + '\n' + event_key;
  return to_hex(sha256(key));
}

std::optional<push> parse_push(std::string_view xml) {
  pugi::xml_document document;
  auto root = load(document, xml);
  push out;
  collect(out, root, {});
  if (out.from_user.empty() || out.msg_type.empty())
    return std::nullopt;
  return out;
}

std::string to_xml(const push& what) {
  auto body = element("ToUserName", cdata(what.to_user))
              + element("FromUserName", cdata(what.from_user))
              + element("CreateTime", number(what.create_time))
              + element("MsgType", cdata(what.msg_type));
  auto optional_element = [&body](std::string_view name,
                                  const std::string& content) {
    if (!content.empty())
      body += element(name, cdata(content));
  };
  optional_element("Event", what.event);
  if (what.is_event())
    optional_element("EventKey", what.event_key);
  optional_element("Ticket", what.ticket);
  optional_element("Content", what.content);
  if (!what.msg_id.empty())
    body += element(what.is_event() ? "MsgID" : "MsgId", what.msg_id);
  optional_element("Status", what.status);
  for (const auto& [name, content] : what.other)
    optional_element(name, content);
  return element("xml", body);
}

std::string cdata(std::string_view text) {
  constexpr std::string_view terminator = "]]>";
  std::string out = "<![CDATA[";
  for (auto at = text.find(terminator); at != std::string_view::npos;
       at = text.find(terminator)) {
    out += text.substr(0, at + 2);
    out += "]]><![CDATA[";
    text.remove_prefix(at + 2);
  }
  out += text;
  out += terminator;
  return out;
}

std::string text_reply(const push& to, std::string_view content,
                       std::chrono::sys_seconds now) {
  push reply;
  reply.to_user = to.from_user;
  reply.from_user = to.to_user;
  reply.create_time = now;
  reply.msg_type = "text";
  reply.content = prefix_within(content, max_reply_content_bytes);
  return to_xml(reply);
}

std::optional<envelope> parse_envelope(std::string_view xml) {
  pugi::xml_document document;
  auto root = load(document, xml);
  auto text = [&root](const char* name) {
    return trimmed(text_of(root.child(name)));
  };
  envelope out{text("ToUserName"), text("Encrypt"), text("MsgSignature"),
               text("TimeStamp"), text("Nonce")};
  if (out.encrypted.empty())
    return std::nullopt;
  return out;
}

std::string reply_envelope(const envelope& what) {
  return element("xml", element("Encrypt", cdata(what.encrypted))
                          + element("MsgSignature", cdata(what.msg_signature))
                          + element("TimeStamp", what.timestamp)
                          + element("Nonce", cdata(what.nonce)));
}

std::string push_envelope(const envelope& what) {
  return element("xml", element("ToUserName", cdata(what.to_user))
                          + element("Encrypt", cdata(what.encrypted)));
}

} // namespace zhiku::wechat
