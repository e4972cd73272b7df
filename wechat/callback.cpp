#include "wechat/callback.hpp"

#include "wechat/signature.hpp"

#include <charconv>

namespace zhiku::wechat {

namespace {

/// The one value of `name`; nothing when it is missing or repeated.
const std::string* single(const callback::query& parameters,
                          const std::string& name) {
  auto [first, last] = parameters.equal_range(name);
  if (first == last || std::next(first) != last)
    return nullptr;
  return &first->second;
}

struct signed_query {
  std::string timestamp;
  std::string nonce;
  std::string signature;
};

std::optional<signed_query> signed_part(const callback::query& parameters,
                                        const std::string& signature_name) {
  const auto* timestamp = single(parameters, "timestamp");
  const auto* nonce = single(parameters, "nonce");
  const auto* signature = single(parameters, signature_name);
  if (timestamp == nullptr || nonce == nullptr || signature == nullptr)
    return std::nullopt;
  return signed_query{*timestamp, *nonce, *signature};
}

/// Of a genuine push whose text is not the XML of one.
push_refusal unreadable(std::string_view text) {
  auto first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
  auto is_json = first != std::string_view::npos
                 && (text[first] == '{' || text[first] == '[');
  return is_json ? push_refusal::not_xml : push_refusal::malformed;
}

enum class encryption { none, aes, unknown };

encryption encryption_of(const callback::query& parameters) {
  if (parameters.count("encrypt_type") == 0)
    return encryption::none;
  const auto* type = single(parameters, "encrypt_type");
  if (type == nullptr)
    return encryption::unknown;
  if (*type == "aes")
    return encryption::aes;
  return *type == "raw" ? encryption::none : encryption::unknown;
}

} // namespace

std::optional<push_mode> push_mode_of(std::string_view name) {
  if (name == "plain")
    return push_mode::plain;
  if (name == "compatible")
    return push_mode::compatible;
  if (name == "safe")
    return push_mode::safe;
  return std::nullopt;
}

std::optional<callback> callback::of(callback_settings settings) {
  if (settings.app_id.empty() || settings.token.empty())
    return std::nullopt;
  std::vector<message_key> keys;
  for (const auto* text :
       {&settings.encoding_aes_key, &settings.previous_aes_key}) {
    if (text->empty())
      continue;
    auto key = message_key::of(*text);
    if (!key)
      return std::nullopt;
    keys.push_back(*key);
  }
  if (settings.mode != push_mode::plain && settings.encoding_aes_key.empty())
    return std::nullopt;
  return callback{std::move(settings), std::move(keys)};
}

callback::callback(callback_settings settings, std::vector<message_key> keys)
    : settings_(std::move(settings)),
      crypto_(settings_.app_id, settings_.token, keys),
      can_decrypt_(!keys.empty()) {
  // nop
}

std::optional<std::string> callback::verify_get(const query& parameters) const {
  const auto* echo = single(parameters, "echostr");
  if (echo == nullptr)
    return std::nullopt;
  if (encryption_of(parameters) == encryption::aes
      && parameters.count("msg_signature") != 0) {
    auto signed_by = signed_part(parameters, "msg_signature");
    if (!signed_by || !can_decrypt_)
      return std::nullopt;
    auto opened = crypto_.open(signed_by->timestamp, signed_by->nonce, *echo,
                               signed_by->signature);
    if (!opened)
      return std::nullopt;
    return std::move(opened->message);
  }
  auto signed_by = signed_part(parameters, "signature");
  if (!signed_by
      || !verify_signature(
        {settings_.token, signed_by->timestamp, signed_by->nonce},
        signed_by->signature))
    return std::nullopt;
  return *echo;
}

result<received, push_refusal> callback::verify_post(const query& parameters,
                                                     std::string_view body,
                                                     instant now) const {
  const auto* timestamp = single(parameters, "timestamp");
  if (timestamp == nullptr)
    return push_refusal::forged;
  if (!timely(*timestamp, now))
    return push_refusal::stale;
  switch (encryption_of(parameters)) {
  case encryption::aes:
    return open_encrypted(parameters, body);
  case encryption::none:
    return open_plain(parameters, body);
  case encryption::unknown:
    break;
  }
  return push_refusal::forged;
}

std::string callback::reply_body(const received& to, std::string_view reply_xml,
                                 instant now) const {
  if (!to.reply_key)
    return std::string{reply_xml};
  auto seconds = std::chrono::floor<std::chrono::seconds>(now);
  auto timestamp = std::to_string(seconds.time_since_epoch().count());
  auto sealed = crypto_.seal(*to.reply_key, reply_xml, timestamp, to.nonce);
  return reply_envelope(
    {{}, sealed.encrypted, sealed.msg_signature, timestamp, to.nonce});
}

bool callback::timely(const std::string& timestamp, instant now) const {
  if (settings_.max_skew.count() == 0)
    return true;
  std::int64_t value = 0;
  const auto* last = timestamp.data() + timestamp.size();
  auto [end, error] = std::from_chars(timestamp.data(), last, value);
  if (error != std::errc{} || end != last)
    return false;
  // In whole seconds as doubles, because a forged timestamp may overflow a
  // duration of finer grain.
  auto here = std::chrono::floor<std::chrono::seconds>(now);
  auto off = static_cast<double>(here.time_since_epoch().count())
             - static_cast<double>(value);
  auto allowed = static_cast<double>(settings_.max_skew.count());
  return off <= allowed && off >= -allowed;
}

/// By the parameters alone, which says nothing of the body.
bool callback::is_signed(const query& parameters) const {
  auto signed_by = signed_part(parameters, "signature");
  return signed_by
         && verify_signature(
           {settings_.token, signed_by->timestamp, signed_by->nonce},
           signed_by->signature);
}

result<received, push_refusal>
callback::open_plain(const query& parameters, std::string_view body) const {
  if (!is_signed(parameters))
    return push_refusal::forged;
  // What is signed in clear leaves the body open to anybody between.
  if (settings_.mode != push_mode::plain)
    return push_refusal::downgrade;
  auto what = parse_push(body);
  if (!what)
    return unreadable(body);
  return received{std::move(*what), std::nullopt, *single(parameters, "nonce")};
}

result<received, push_refusal>
callback::open_encrypted(const query& parameters, std::string_view body) const {
  auto signed_by = signed_part(parameters, "msg_signature");
  auto outer = parse_envelope(body);
  if (!can_decrypt_ || !signed_by)
    return push_refusal::forged;
  if (!outer)
    return is_signed(parameters) ? unreadable(body) : push_refusal::forged;
  auto opened = crypto_.open(signed_by->timestamp, signed_by->nonce,
                             outer->encrypted, signed_by->signature);
  if (!opened)
    return push_refusal::forged;
  auto what = parse_push(opened->message);
  if (!what)
    return unreadable(opened->message);
  return received{std::move(*what), opened->key, signed_by->nonce};
}

} // namespace zhiku::wechat
