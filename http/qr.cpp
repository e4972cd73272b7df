#include "http/qr.hpp"

#include <memory>

#include <qrencode.h>

namespace zhiku::http {

namespace {

constexpr int quiet_zone = 4; // modules, ISO/IEC 18004

struct code_end {
  void operator()(QRcode* code) const {
    QRcode_free(code);
  }
};

bool is_dark(const QRcode& code, int x, int y) {
  return x < code.width && (code.data[y * code.width + x] & 1u) != 0;
}

/// The dark runs of one row as path commands.
std::string row_path(const QRcode& code, int y) {
  std::string path;
  for (int x = 0; x < code.width; ++x) {
    if (!is_dark(code, x, y))
      continue;
    auto begin = x;
    while (is_dark(code, x, y))
      ++x;
    auto length = std::to_string(x - begin);
    path += "M" + std::to_string(begin + quiet_zone) + " "
            + std::to_string(y + quiet_zone) + "h" + length + "v1h-" + length
            + "z";
  }
  return path;
}

} // namespace

std::optional<std::string> qr_svg(std::string_view text) {
  std::unique_ptr<QRcode, code_end> code{QRcode_encodeData(
    static_cast<int>(text.size()),
    reinterpret_cast<const unsigned char*>(text.data()), 0, QR_ECLEVEL_M)};
  if (!code)
    return std::nullopt;
  auto side = std::to_string(code->width + 2 * quiet_zone);
  auto svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side
             + " " + side
             + "\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" "
               "d=\"M0 0h"
             + side + "v" + side + "H0z\"/><path d=\"";
  for (int y = 0; y < code->width; ++y)
    svg += row_path(*code, y);
  return svg + "\"/></svg>";
}

} // namespace zhiku::http
