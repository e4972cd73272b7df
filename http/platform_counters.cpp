#include "http/platform_counters.hpp"

#include <algorithm>

namespace zhiku::http {

namespace {

constexpr std::size_t most_names = 50;
constexpr std::size_t longest_name = 64;

bool is_plain(const std::string& name) {
  return !name.empty() && name.size() <= longest_name
         && std::all_of(name.begin(), name.end(), [](char c) {
              return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
                     || (c >= '0' && c <= '9') || c == '_';
            });
}

prometheus::Family<prometheus::Counter>&
family(prometheus::Registry& registry, const char* name, const char* help) {
  return prometheus::BuildCounter().Name(name).Help(help).Register(registry);
}

} // namespace

platform_counters::platform_counters(prometheus::Registry& registry)
    : unknown_(family(registry, "zhiku_wechat_unknown_pushes_total",
                      "Pushes of types and events we do not act on")),
      refused_(family(registry, "zhiku_wechat_refused_pushes_total",
                      "Pushes that were not taken")),
      reports_(family(registry, "zhiku_sms_reports_total",
                      "Entries of the carriers' delivery reports")) {
  // nop
}

void platform_counters::unknown_push(const wechat::push& what) {
  auto name = bounded(what.is_event() ? what.event : what.msg_type);
  unknown_.Add({{"name", name}}).Increment();
}

void platform_counters::refused_push(wechat::push_refusal why) {
  refused_.Add({{"reason", name_of(why)}}).Increment();
}

void platform_counters::sms_reports(const std::string& carrier,
                                    const std::string& outcome,
                                    std::size_t count) {
  reports_.Add({{"carrier", carrier}, {"outcome", outcome}})
    .Increment(static_cast<double>(count));
}

std::string platform_counters::bounded(const std::string& name) {
  std::lock_guard lock{mutex_};
  auto known = names_.contains(name);
  if (!known && (!is_plain(name) || names_.size() >= most_names))
    return "other";
  names_.insert(name);
  return name;
}

std::string name_of(wechat::push_refusal why) {
  switch (why) {
  case wechat::push_refusal::forged:
    return "forged";
  case wechat::push_refusal::stale:
    return "stale";
  case wechat::push_refusal::downgrade:
    return "downgrade";
  case wechat::push_refusal::malformed:
    return "malformed";
  case wechat::push_refusal::not_xml:
    break;
  }
  return "not_xml";
}

} // namespace zhiku::http
