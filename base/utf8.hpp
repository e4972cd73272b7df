#pragma once
// UTF-8 counted in characters (code points), as the platform's limits are.
// Pure.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace zhiku {

/// The code points of `text`; nothing when it is not well-formed UTF-8
/// (overlong forms, surrogates and values above U+10FFFF are not).
std::optional<std::u32string> characters_of(std::string_view text);

/// Whether `characters_of` gives any.
bool is_utf8(std::string_view text);

/// U+FFFD, which stands for what cannot be shown.
inline constexpr std::string_view replacement_character = "\xEF\xBF\xBD";

/// `text` with U+FFFD in place of each byte that is part of no character.
std::string repaired_utf8(std::string_view text);

/// UTF-8 of `characters`. @pre each is a valid code point
std::string utf8_of(std::u32string_view characters);

/// The longest prefix of `text` of at most `bytes` bytes that cuts no
/// character in two.
std::string_view prefix_within(std::string_view text, std::size_t bytes);

} // namespace zhiku
