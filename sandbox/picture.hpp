#pragma once
// The pictures the platform makes: QR codes and portraits, as JPEG. Pure.

#include <string>
#include <string_view>

namespace zhiku::sandbox {

/// The JPEG of a QR code that says `text`, some 430 pixels wide.
/// @pre text is not empty and has at most 2000 bytes
std::string qr_jpeg(std::string_view text);

/// A square of one colour, which depends on `who`.
std::string portrait_jpeg(std::string_view who);

} // namespace zhiku::sandbox
