#include "sandbox/push_codec.hpp"

#include "base/encoding.hpp"
#include "base/random.hpp"
#include "wechat/signature.hpp"

#include <ctime>
#include <map>

namespace zhiku::sandbox {

namespace {

/// `more` as the last elements of `xml`.
void append_to_xml(std::string& xml, const std::string& more) {
  xml.insert(xml.rfind("</xml>"), more);
}

std::string new_nonce() {
  return to_hex(random_bytes(5));
}

} // namespace

std::string push_xml(const wechat::push& what, bool empty_event_key) {
  auto out = wechat::to_xml(what);
  if (empty_event_key && what.is_event() && what.event_key.empty())
    append_to_xml(out, "<EventKey><![CDATA[]]></EventKey>");
  return out;
}

push_codec::push_codec(const settings& how) : how_(how) {
  if (auto key = wechat::message_key::of(how.encoding_aes_key))
    keys_.push_back(*key);
}

push_codec::request push_codec::write(const wechat::push& what) {
  std::lock_guard lock{guard_};
  auto timestamp = std::to_string(std::time(nullptr));
  auto nonce = new_nonce();
  request out;
  out.query = signed_query(timestamp, nonce)
              + "&openid=" + percent_encode(what.from_user);
  out.body = push_xml(what, empty_event_key_);
  if (how_.mode != wechat::push_mode::plain && !keys_.empty())
    encrypt(out, what, timestamp, nonce);
  return out;
}

std::string push_codec::verification(const std::string& echostr) const {
  return signed_query(std::to_string(std::time(nullptr)), new_nonce())
         + "&echostr=" + percent_encode(echostr);
}

std::optional<std::string> push_codec::read(const std::string& body) const {
  if (body.empty() || body == "success")
    return std::string{};
  auto clear = decrypted(body);
  auto reply = wechat::parse_push(clear ? *clear : body);
  if (!reply)
    return std::nullopt;
  if (reply->msg_type == "transfer_customer_service")
    return std::string{"（已转接人工客服）"}; // whose words are not played
  return reply->content;
}

bool push_codec::rotate_key(const std::string& encoding_aes_key,
                            int old_pushes) {
  auto key = wechat::message_key::of(encoding_aes_key);
  if (!key)
    return false;
  std::lock_guard lock{guard_};
  keys_.insert(keys_.begin(), *key);
  old_pushes_ = old_pushes;
  return true;
}

void push_codec::write_empty_event_keys(bool yes) {
  std::lock_guard lock{guard_};
  empty_event_key_ = yes;
}

std::string push_codec::signed_query(const std::string& timestamp,
                                     const std::string& nonce) const {
  return "signature=" + wechat::signature_of({how_.token, timestamp, nonce})
         + "&timestamp=" + timestamp + "&nonce=" + nonce;
}

void push_codec::encrypt(request& out, const wechat::push& what,
                         const std::string& timestamp,
                         const std::string& nonce) {
  auto old = old_pushes_ > 0 && keys_.size() > 1;
  if (old)
    --old_pushes_;
  auto sealed = crypto().seal(keys_[old ? 1 : 0], out.body, timestamp, nonce);
  out.query += "&encrypt_type=aes&msg_signature=" + sealed.msg_signature;
  if (how_.mode == wechat::push_mode::safe)
    out.body =
      wechat::push_envelope({what.to_user, sealed.encrypted, {}, {}, {}});
  else
    append_to_xml(out.body,
                  "<Encrypt>" + wechat::cdata(sealed.encrypted) + "</Encrypt>");
}

std::optional<std::string>
push_codec::decrypted(const std::string& body) const {
  auto outer = wechat::parse_envelope(body);
  if (!outer)
    return std::nullopt;
  std::lock_guard lock{guard_};
  auto opened = crypto().open(outer->timestamp, outer->nonce, outer->encrypted,
                              outer->msg_signature);
  if (!opened)
    return std::nullopt;
  return std::move(opened->message);
}

wechat::message_crypto push_codec::crypto() const {
  return {how_.app_id, how_.token, keys_};
}

} // namespace zhiku::sandbox
