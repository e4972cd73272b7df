#include "domain/entity.hpp"

#include "domain/fields.hpp"
#include "domain/hash.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace zhiku::domain {

namespace {

constexpr std::pair<channel, std::string_view> channels[] = {
  {channel::system, "SYSTEM"},
  {channel::wechat, "WECHAT"},
  {channel::pc, "PC"},
  {channel::staff, "STAFF"},
};

void append_hex(std::string& out, std::uint64_t value, int digits) {
  for (int shift = (digits - 1) * 4; shift >= 0; shift -= 4)
    out += "0123456789abcdef"[(value >> shift) & 15];
}

} // namespace

std::string_view to_text(channel ch) {
  for (const auto& [value, text] : channels)
    if (value == ch)
      return text;
  return "SYSTEM";
}

channel channel_of(std::string_view text) {
  for (const auto& [value, name] : channels)
    if (name == text)
      return value;
  return channel::system;
}

bool actor_ref::has(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

json to_json(const actor_ref& who) {
  return {{"roles", who.roles}, {"id", who.id}, {"channel", to_text(who.ch)}};
}

actor_ref actor_of(const json& value) {
  return {texts_at(value, "roles"), std::string{text_at(value, "id")},
          channel_of(text_at(value, "channel"))};
}

std::string derive_id(std::string_view command_id, std::string_view purpose) {
  std::string text{command_id};
  text += '\n';
  text += purpose;
  auto high = hash_text(text, 1);
  auto low = hash_text(text, 2);
  constexpr std::uint64_t version_8 = 0x8000, variant = 0x8000;
  std::string id;
  id.reserve(36);
  append_hex(id, high >> 32, 8);
  id += '-';
  append_hex(id, high >> 16, 4);
  id += '-';
  append_hex(id, (high & 0x0fff) | version_8, 4);
  id += '-';
  append_hex(id, ((low >> 48) & 0x3fff) | variant, 4);
  id += '-';
  append_hex(id, low, 12);
  return id;
}

std::string_view kind_of(std::string_view stream) {
  return stream.substr(0, stream.find('/'));
}

std::string_view id_of(std::string_view stream) {
  auto slash = stream.find('/');
  return slash == stream.npos ? std::string_view{} : stream.substr(slash + 1);
}

} // namespace zhiku::domain
