#include "actors/callback_sources.hpp"

#include "base/log.hpp"

#include <utility>

#include <nlohmann/json.hpp>

namespace zhiku::actors {

namespace {

constexpr domain::seconds refresh_after{24 * 3600};
constexpr domain::seconds pause_after_failure{3600};

} // namespace

callback_sources::callback_sources(fetcher ask) : ask_(std::move(ask)) {
  // nop
}

turn callback_sources::refresh(domain::instant now) {
  auto listed = ask_();
  if (!listed)
    return {now + pause_after_failure,
            "no list of addresses: " + std::to_string(listed.error().errcode)
              + ' ' + listed.error().errmsg};
  auto read = ip_ranges::of(*listed);
  if (!read.unreadable.empty())
    log::warn("platform lists what is no address",
              {{"entries", read.unreadable}});
  if (read.ranges.empty())
    return {now + pause_after_failure, "list of addresses holds none"};
  auto made = std::make_shared<const ip_ranges>(std::move(read.ranges));
  std::lock_guard lock{mutex_};
  latest_ = std::move(made);
  return {now + refresh_after, {}};
}

std::shared_ptr<const ip_ranges> callback_sources::latest() const {
  std::lock_guard lock{mutex_};
  return latest_;
}

bool callback_sources::knows(const std::string& address) const {
  auto list = latest();
  return !list || list->contains(address);
}

} // namespace zhiku::actors
