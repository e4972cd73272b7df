#include "http/sms_guard.hpp"

#include "base/log.hpp"
#include "http/client_address.hpp"

#include <prometheus/counter.h>

namespace zhiku::http {

namespace {

using domain::errc;

/// With work done for each, an address may have so many times its share: an
/// office of many people has one address.
constexpr int worked_share = 10;

prometheus::Counter& counter(prometheus::Registry& registry,
                             const std::string& limit) {
  return prometheus::BuildCounter()
    .Name("zhiku_sms_codes_refused_total")
    .Help("Requests for SMS codes refused before a phone was looked at")
    .Register(registry)
    .Add({{"limit", limit}});
}

} // namespace

sms_guard::sms_guard(const domain::policy& rules,
                     prometheus::Registry& registry)
    : by_address_(rules.sms_ip_hour), by_network_(rules.sms_network_hour),
      by_address_worked_(rules.sms_ip_hour * worked_share),
      by_network_worked_(rules.sms_network_hour * worked_share),
      all_(rules.sms_all_hour), alarms_(std::chrono::hours{1}),
      by_address_count_(counter(registry, "address")),
      by_network_count_(counter(registry, "network")),
      all_count_(counter(registry, "all")) {
  // nop
}

errc sms_guard::admit(const std::string& address, bool worked,
                      domain::instant now) {
  auto why = worked ? errc::rate_limited : errc::work_required;
  auto& by_address = worked ? by_address_worked_ : by_address_;
  auto& by_network = worked ? by_network_worked_ : by_network_;
  if (!by_address.admit(address_key(address), now))
    return refuse(by_address_count_, why);
  if (!by_network.admit(network_key(address), now))
    return refuse(by_network_count_, why);
  if (all_.has_room("", now))
    return errc::none;
  if (alarms_.admits(now))
    log::error("SMS codes exceed the limit of the node", {});
  return refuse(all_count_, errc::rate_limited);
}

void sms_guard::sent(domain::instant now) {
  all_.admit("", now);
}

errc sms_guard::refuse(prometheus::Counter& which, errc why) {
  which.Increment();
  return why;
}

} // namespace zhiku::http
