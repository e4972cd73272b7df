#include "http/source_check.hpp"

#include "base/log.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace zhiku::http {

namespace {

constexpr domain::seconds telling_interval{60};

} // namespace

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
  tell(address, now);
  return what_of_them_ == foreign::admitted;
}

void source_check::tell(const std::string& address, domain::instant now) {
  {
    std::lock_guard lock{mutex_};
    if (now < told_at_ + telling_interval)
      return;
    told_at_ = now;
  }
  log::warn(
    "genuine push comes from unlisted address",
    {{"address", address}, {"refused", what_of_them_ == foreign::refused}});
}

} // namespace zhiku::http
