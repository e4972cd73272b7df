#include "wechat/xml_text.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace zhiku::wechat {

namespace {

constexpr bool is_forbidden_byte(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

/// U+FFFE and U+FFFF.
bool is_noncharacter(std::string_view three_bytes) {
  return three_bytes == "\xEF\xBF\xBE" || three_bytes == "\xEF\xBF\xBF";
}

bool may_stand(std::string_view text) {
  return is_utf8(text)
         && std::none_of(text.begin(), text.end(), is_forbidden_byte)
         && text.find("\xEF\xBF\xBE") == std::string_view::npos
         && text.find("\xEF\xBF\xBF") == std::string_view::npos;
}

} // namespace

std::string xml_text(std::string_view text) {
  if (may_stand(text))
    return std::string{text};
  auto whole = repaired_utf8(text);
  std::string out;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    if (is_forbidden_byte(whole[at])) {
      out += replacement_character;
    } else if (is_noncharacter(std::string_view{whole}.substr(at, 3))) {
      out += replacement_character;
      at += 2;
    } else {
      out += whole[at];
    }
  }
  return out;
}

} // namespace zhiku::wechat
