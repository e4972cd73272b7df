#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace zhiku {

namespace {

constexpr bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// Bytes of the sequence that `lead` begins; 0 when it begins none.
constexpr std::size_t sequence_size(unsigned char lead) {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead < 0xE0)
    return 2;
  if (lead >= 0xE0 && lead < 0xF0)
    return 3;
  if (lead >= 0xF0 && lead < 0xF5)
    return 4;
  return 0;
}

std::optional<char32_t> decode(std::string_view sequence) {
  static constexpr std::array<char32_t, 5> lead_mask = {0, 0x7F, 0x1F, 0x0F,
                                                        0x07};
  static constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  auto size = sequence.size();
  char32_t code = static_cast<unsigned char>(sequence[0]) & lead_mask[size];
  for (auto c : sequence.substr(1)) {
    if (!is_continuation(c))
      return std::nullopt;
    code = (code << 6) | (static_cast<unsigned char>(c) & 0x3Fu);
  }
  auto surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least[size] || code > 0x10FFFF || surrogate)
    return std::nullopt;
  return code;
}

/// The bytes of the character that `text` begins with; empty when it begins
/// with none. @pre !text.empty()
std::string_view first_character(std::string_view text) {
  auto size = sequence_size(static_cast<unsigned char>(text[0]));
  if (size == 0 || size > text.size() || !decode(text.substr(0, size)))
    return {};
  return text.substr(0, size);
}

/// Calls `take` with each code point; false when `text` is not UTF-8.
template <class Take>
bool each_character(std::string_view text, Take take) {
  while (!text.empty()) {
    auto size = sequence_size(static_cast<unsigned char>(text[0]));
    if (size == 0 || size > text.size())
      return false;
    auto code = decode(text.substr(0, size));
    if (!code)
      return false;
    take(*code);
    text.remove_prefix(size);
  }
  return true;
}

/// Of bytes that are characters by themselves, eight at a time.
std::size_t ascii_prefix(std::string_view text) {
  constexpr std::uint64_t high_bits = 0x8080808080808080;
  std::size_t length = 0;
  for (std::uint64_t eight = 0; length + sizeof eight <= text.size();
       length += sizeof eight) {
    std::memcpy(&eight, text.data() + length, sizeof eight);
    if ((eight & high_bits) != 0)
      break;
  }
  return length;
}

} // namespace

std::optional<std::u32string> characters_of(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  if (!each_character(text, [&](char32_t code) { out.push_back(code); }))
    return std::nullopt;
  return out;
}

bool is_utf8(std::string_view text) {
  text.remove_prefix(ascii_prefix(text));
  return each_character(text, [](char32_t) {});
}

std::string repaired_utf8(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto character = first_character(text);
    out += character.empty() ? replacement_character : character;
    text.remove_prefix(std::max<std::size_t>(character.size(), 1));
  }
  return out;
}

std::string utf8_of(std::u32string_view characters) {
  std::string out;
  auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  for (auto c : characters) {
    if (c < 0x80) {
      put(c);
    } else if (c < 0x800) {
      put(0xC0 | (c >> 6));
      put(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
      put(0xE0 | (c >> 12));
      put(0x80 | ((c >> 6) & 0x3F));
      put(0x80 | (c & 0x3F));
    } else {
      put(0xF0 | (c >> 18));
      put(0x80 | ((c >> 12) & 0x3F));
      put(0x80 | ((c >> 6) & 0x3F));
      put(0x80 | (c & 0x3F));
    }
  }
  return out;
}

std::string_view prefix_within(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes)
    return text;
  while (bytes > 0 && is_continuation(text[bytes]))
    --bytes;
  return text.substr(0, bytes);
}

} // namespace zhiku
