#pragma once
// Text as people type it. Each `…_of` gives the normalised text, or nothing
// when it breaks the rule (RULES 3.7). Lengths are in characters. Unicode
// composition (NFC) is left to the pages: browsers and phones already send it.

#include <optional>
#include <string>
#include <string_view>

namespace zhiku::domain {

/// The code points of UTF-8 text; nothing when it is not well-formed.
std::optional<std::u32string> decode_utf8(std::string_view text);

std::string encode_utf8(std::u32string_view code_points);

/// Trimmed of white space, control characters dropped (line feeds stay),
/// `least` to `most` characters.
std::optional<std::string> free_text_of(std::string_view typed,
                                        std::size_t least, std::size_t most);

/// A person's name: 2 to 50 Chinese characters, Latin letters, spaces and
/// middle dots, of which all written forms become `·`.
std::optional<std::string> name_of(std::string_view typed);

/// Full-width letters and digits become ASCII, blanks and hyphens go, letters
/// become upper case; anything beyond ASCII gives nothing (edge 70).
std::optional<std::string> plain_number_of(std::string_view typed);

} // namespace zhiku::domain
