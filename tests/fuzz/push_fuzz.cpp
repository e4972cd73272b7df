// Any bytes as the XML of a push or of an envelope. What is taken for a push
// can be written and read again, and then stays as it is.

#include "tests/fuzz/target.hpp"
#include "wechat/push.hpp"
#include "wechat/push_kind.hpp"

namespace {

using namespace zhiku;
using namespace zhiku::wechat;

void read_typed(const push& what) {
  media_in(what);
  place_in(what);
  link_in(what);
  scanned_in(what);
  menu_id_in(what);
  choices_in(what);
  receipts_in(what);
  what.scene();
  fuzz::require(what.dedup_key().size() == 64);
  // Whoever compares it with a clock converts it to microseconds.
  fuzz::require(
    std::chrono::sys_time<std::chrono::microseconds>{what.create_time}
      .time_since_epoch()
      .count()
    >= 0);
}

void write_and_read(const push& what) {
  auto written = to_xml(what);
  if (written.size() > max_push_bytes)
    return;
  auto once = parse_push(written);
  fuzz::require(once.has_value());
  auto again = to_xml(*once);
  if (again.size() <= max_push_bytes)
    fuzz::require(parse_push(again) == once);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  if (auto outer = parse_envelope(bytes))
    fuzz::require(!outer->encrypted.empty());
  if (auto what = parse_push(bytes)) {
    read_typed(*what);
    write_and_read(*what);
  }
  return 0;
}
