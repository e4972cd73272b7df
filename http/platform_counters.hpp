#pragma once
// What the platform and the SMS carriers bring us, counted. Thread-safe. Names
// that come from outside become labels only as far as their number is bounded.

#include "wechat/callback.hpp"

#include <cstddef>
#include <mutex>
#include <set>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/registry.h>

namespace zhiku::http {

class platform_counters {
public:
  /// Registers zhiku_wechat_unknown_pushes_total{name},
  /// zhiku_wechat_refused_pushes_total{reason} and
  /// zhiku_sms_reports_total{carrier,outcome}.
  explicit platform_counters(prometheus::Registry& registry);

  /// A genuine push of a type or event that we know nothing to do with. Beyond
  /// some fifty names, and where a name looks odd, it counts as "other".
  void unknown_push(const wechat::push& what);

  void refused_push(wechat::push_refusal why);

  /// @param outcome  delivered, failed, malformed
  void sms_reports(const std::string& carrier, const std::string& outcome,
                   std::size_t count);

private:
  std::string bounded(const std::string& name);

  prometheus::Family<prometheus::Counter>& unknown_;
  prometheus::Family<prometheus::Counter>& refused_;
  prometheus::Family<prometheus::Counter>& reports_;
  std::mutex mutex_;
  std::set<std::string> names_;
};

/// The label of a refusal: "forged", "stale", "downgrade", "malformed",
/// "not_xml".
std::string name_of(wechat::push_refusal why);

} // namespace zhiku::http
