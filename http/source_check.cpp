#include "http/source_check.hpp"

#include "base/log.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace zhiku::http {

source_check::source_check(
  std::function<bool(const std::string& address)> known, foreign what_of_them,
  prometheus::Registry& registry)
    : known_(std::move(known)), what_of_them_(what_of_them),
      count_(prometheus::BuildCounter()
               .Name("zhiku_wechat_foreign_pushes_total")
               .Help("Genuine pushes from addresses the platform does not list")
               .Register(registry)
               .Add({})) {
  // nop
}

bool source_check::admits(const std::string& address, domain::instant now) {
  if (!known_ || known_(address))
    return true;
  count_.Increment();
  if (logs_.admits(now))
    log(address);
  return what_of_them_ == foreign::admitted;
}

void source_check::log(const std::string& address) {
  zhiku::log::warn(
    "genuine push comes from unlisted address",
    {{"address", address}, {"refused", what_of_them_ == foreign::refused}});
}

} // namespace zhiku::http
