#pragma once
// QR codes as pictures. Pure.

#include <optional>
#include <string>
#include <string_view>

namespace zhiku::http {

/// An SVG document, black on white with the quiet zone that readers need.
/// Nothing when `text` is empty or too long for any QR code.
std::optional<std::string> qr_svg(std::string_view text);

} // namespace zhiku::http
