// Any bytes as a carrier's delivery report: what is taken has a serial and
// shows no whole phone number.

#include "sms/report.hpp"
#include "tests/fuzz/target.hpp"

#include <algorithm>

namespace {

using namespace zhiku;
using namespace zhiku::sms;

void check(const std::optional<report_batch>& all) {
  if (!all)
    return;
  for (const auto& each : all->reports) {
    fuzz::require(!each.serial.empty());
    auto shown = std::count_if(each.phone.begin(), each.phone.end(),
                               [](char c) { return c != '*'; });
    fuzz::require(shown <= 7);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  auto bytes = fuzz::text_of(data, size);
  check(tencent_reports(bytes));
  check(aliyun_reports(bytes));
  return 0;
}
