#include "wechat/push.hpp"

#include "base/digest.hpp"
#include "base/encoding.hpp"
#include "wechat/xml_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include <pugixml.hpp>

namespace zhiku::wechat {

namespace {

constexpr int max_depth = 8;
// A forged time, as plain mode lets in, must not overflow a duration of finer
// grain.
constexpr std::chrono::sys_seconds end_of_time =
  std::chrono::sys_days{std::chrono::year{10000} / 1 / 1};
constexpr std::string_view scene_prefix = "qrscene_";
constexpr std::string_view white_space = " \t\r\n";

/// Stops at a document type and below `max_depth`.
class limits_walker : public pugi::xml_tree_walker {
public:
  bool for_each(pugi::xml_node& node) override {
    return node.type() != pugi::node_doctype && depth() < max_depth;
  }
};

/// Loads `xml` into `document`; the root element, or an empty node.
pugi::xml_node load(pugi::xml_document& document, std::string_view xml) {
  if (xml.size() > max_push_bytes)
    return {};
  auto readable = xml_text(xml);
  // Document types are kept, so that the walker can refuse them: a search in
  // the text would also hit what people write inside CDATA.
  auto loaded = document.load_buffer(readable.data(), readable.size(),
                                     pugi::parse_default | pugi::parse_doctype,
                                     pugi::encoding_utf8);
  limits_walker limits;
  if (!loaded || !document.traverse(limits))
    return {};
  return document.child("xml");
}

/// All text of `node`; CDATA may come in several sections, and references
/// such as `&#xD800;` make what is no text of what was.
std::string text_of(const pugi::xml_node& node) {
  std::string out;
  for (const auto& part : node.children())
    if (part.type() == pugi::node_cdata || part.type() == pugi::node_pcdata)
      out += part.value();
  return xml_text(out);
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

std::chrono::sys_seconds time_of(const std::string& padded) {
  auto text = trimmed(padded);
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  std::chrono::sys_seconds at{std::chrono::seconds{value}};
  return at < std::chrono::sys_seconds{} || at >= end_of_time
           ? std::chrono::sys_seconds{}
           : at;
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

/// `name`, or `name[2]` and so on for what has stood before in its parent.
class sibling_names {
public:
  std::string next(const std::string& name) {
    auto count = ++counts_[name];
    return count == 1 ? name : name + '[' + std::to_string(count) + ']';
  }

private:
  std::map<std::string, int> counts_;
};

void collect(push& into, const pugi::xml_node& parent,
             const std::string& path) {
  sibling_names names;
  for (const auto& node : parent.children()) {
    if (node.type() != pugi::node_element)
      continue;
    auto name = path + names.next(node.name());
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

/// The child that one step of a path names, made together with those that
/// have to stand before it.
pugi::xml_node descend(pugi::xml_node parent, const std::string& step) {
  auto bracket = std::min(step.find('['), step.size());
  auto name = step.substr(0, bracket);
  int wanted = 1;
  if (bracket < step.size())
    std::from_chars(step.data() + bracket + 1, step.data() + step.size(),
                    wanted);
  pugi::xml_node child;
  for (int i = 0; i < wanted; ++i) {
    child =
      i == 0 ? parent.child(name.c_str()) : child.next_sibling(name.c_str());
    if (!child)
      child = parent.append_child(name.c_str());
  }
  return child;
}

/// Puts `text` at `path` below `root`.
void write_at(pugi::xml_node root, std::string_view path,
              const std::string& text) {
  for (auto slash = path.find('/'); slash != std::string_view::npos;
       slash = path.find('/')) {
    root = descend(root, std::string{path.substr(0, slash)});
    path.remove_prefix(slash + 1);
  }
  auto leaf = descend(root, std::string{path});
  // Even an empty section would be one level deeper than the element.
  if (!text.empty())
    leaf.append_child(pugi::node_cdata).set_value(xml_text(text).c_str());
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

std::string text_of_document(const pugi::xml_document& document) {
  struct : pugi::xml_writer {
    void write(const void* data, std::size_t size) override {
      text.append(static_cast<const char*>(data), size);
    }
    std::string text;
  } into;
  document.save(into, "", pugi::format_raw | pugi::format_no_declaration,
                pugi::encoding_utf8);
  return std::move(into.text);
}

/// Events whose sender is the platform's push service.
bool names_person_apart(std::string_view event) {
  return event.starts_with("user_authorization_")
         || event == "user_info_modified";
}

std::string element_of(const push& what, const std::string& path) {
  auto found = what.other.find(path);
  return found == what.other.end() ? std::string{} : found->second;
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

std::string push::person() const {
  if (!is_event() || !names_person_apart(event))
    return from_user;
  return element_of(*this, "OpenID");
}

std::string push::dedup_key() const {
  auto key = from_user + '\n';
  if (!is_event() && !msg_id.empty())
    key += "message\n" + msg_id;
  else if (event == "TEMPLATESENDJOBFINISH")
    key += event + '\n' + msg_id;
  else
    key += "event\n" + person() + '\n' + number(create_time) + '\n' + msg_type
           + '\n' + event + '\n' + event_key + '\n'
           + element_of(*this, "RevokeInfo");
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
  pugi::xml_document document;
  auto root = document.append_child("xml");
  auto put = [&root](const char* name, const std::string& text) {
    if (!text.empty())
      write_at(root, name, text);
  };
  auto put_number = [&root](const char* name, const std::string& digits) {
    root.append_child(name).text().set(digits.c_str());
  };
  put("ToUserName", what.to_user);
  put("FromUserName", what.from_user);
  put_number("CreateTime", number(what.create_time));
  put("MsgType", what.msg_type);
  put("Event", what.event);
  put("EventKey", what.event_key);
  put("Ticket", what.ticket);
  put("Content", what.content);
  if (!what.msg_id.empty())
    put_number(what.is_event() ? "MsgID" : "MsgId", what.msg_id);
  put("Status", what.status);
  for (const auto& [path, text] : what.other)
    write_at(root, path, text);
  return text_of_document(document);
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
