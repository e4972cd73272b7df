#pragma once
// What a file is, by its first bytes: neither its name nor its content type is
// to be believed. Pure, thread-safe.

#include <string_view>

namespace zhiku::wechat {

/// The media type, such as "image/jpeg", of what phones send: JPEG, PNG, GIF,
/// WebP, BMP, AMR, MP4. Empty for all else.
std::string_view media_type_of(std::string_view bytes);

} // namespace zhiku::wechat
