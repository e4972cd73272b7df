#pragma once
// Text that may stand in a document of XML 1.0. Pure.

#include <string>
#include <string_view>

namespace zhiku::wechat {

/// `text` with U+FFFD in place of what XML 1.0 forbids even inside CDATA:
/// control characters but tab and line breaks, U+FFFE, U+FFFF, and bytes that
/// are not UTF-8. The platform sends such text as people typed it (W1).
std::string xml_text(std::string_view text);

} // namespace zhiku::wechat
