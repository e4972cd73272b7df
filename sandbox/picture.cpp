#include "sandbox/picture.hpp"

#include "base/digest.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <vector>

#include <jpeglib.h>
#include <qrencode.h>

namespace zhiku::sandbox {

namespace {

constexpr int quality = 90;
constexpr int quiet_zone = 4; ///< modules of white around a QR code
constexpr int qr_pixels = 430;
constexpr int portrait_pixels = 132;

/// Square, three bytes a pixel.
struct bitmap {
  explicit bitmap(int side)
      : size(side), bytes(static_cast<std::size_t>(side) * side * 3, 0xff) {
    // nop
  }

  unsigned char* row(int y) {
    return bytes.data() + static_cast<std::size_t>(y) * size * 3;
  }

  int size;
  std::vector<unsigned char> bytes;
};

std::string jpeg_of(bitmap& picture) {
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* buffer = nullptr;
  unsigned long length = 0;
  jpeg_mem_dest(&encoder, &buffer, &length);
  encoder.image_width = static_cast<JDIMENSION>(picture.size);
  encoder.image_height = static_cast<JDIMENSION>(picture.size);
  encoder.input_components = 3;
  encoder.in_color_space = JCS_RGB;
  jpeg_set_defaults(&encoder);
  jpeg_set_quality(&encoder, quality, TRUE);
  jpeg_start_compress(&encoder, TRUE);
  for (int y = 0; y < picture.size; ++y) {
    auto* row = picture.row(y);
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  std::string out(buffer, buffer + length);
  jpeg_destroy_compress(&encoder);
  std::free(buffer); // the library allocates with malloc
  return out;
}

} // namespace

std::string qr_jpeg(std::string_view text) {
  std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
    QRcode_encodeData(static_cast<int>(text.size()),
                      reinterpret_cast<const unsigned char*>(text.data()), 0,
                      QR_ECLEVEL_M),
    &QRcode_free};
  if (!code)
    throw std::invalid_argument{"too long for a QR code"};
  auto modules = code->width + 2 * quiet_zone;
  auto scale = std::max(1, qr_pixels / modules);
  bitmap picture{modules * scale};
  for (int y = 0; y < code->width * scale; ++y) {
    auto* row = picture.row(y + quiet_zone * scale) + quiet_zone * scale * 3;
    for (int x = 0; x < code->width * scale; ++x)
      if ((code->data[y / scale * code->width + x / scale] & 1) != 0)
        std::fill_n(row + x * 3, 3, static_cast<unsigned char>(0));
  }
  return jpeg_of(picture);
}

std::string portrait_jpeg(std::string_view who) {
  auto digest = sha256(who);
  bitmap picture{portrait_pixels};
  for (std::size_t i = 0; i < picture.bytes.size(); ++i)
    picture.bytes[i] =
      static_cast<unsigned char>(0x60 + (digest[i % 3] & 0x7f));
  return jpeg_of(picture);
}

} // namespace zhiku::sandbox
