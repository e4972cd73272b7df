#include "wechat/media_type.hpp"

#include <array>
#include <cstddef>

namespace zhiku::wechat {

using namespace std::string_view_literals;

namespace {

/// Bytes that a file of a type holds at a place.
struct magic {
  std::string_view type;
  std::size_t at;
  std::string_view bytes;
};

constexpr auto magics = std::to_array<magic>({
  {"image/jpeg", 0, "\xFF\xD8\xFF"sv},
  {"image/png", 0, "\x89PNG\r\n\x1A\n"sv},
  {"image/gif", 0, "GIF87a"sv},
  {"image/gif", 0, "GIF89a"sv},
  {"image/webp", 8, "WEBP"sv},
  {"image/bmp", 0, "BM"sv},
  {"audio/amr", 0, "#!AMR"sv},
  {"video/mp4", 4, "ftyp"sv},
});

} // namespace

std::string_view media_type_of(std::string_view bytes) {
  for (const auto& known : magics)
    if (bytes.size() >= known.at
        && bytes.substr(known.at).starts_with(known.bytes))
      return known.type;
  return {};
}

} // namespace zhiku::wechat
