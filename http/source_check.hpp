#pragma once
// Whether a push comes from where the platform says it calls (PROTOCOL 7). Its
// list changes, so this stands beside the signature and never in its place.

#include "http/log_limiter.hpp"

#include <functional>
#include <string>

#include <prometheus/counter.h>
#include <prometheus/registry.h>

namespace zhiku::http {

/// Thread-safe.
class source_check {
public:
  enum class foreign { admitted, refused };

  /// Registers zhiku_wechat_foreign_pushes_total.
  /// @param known  empty: every address is
  source_check(std::function<bool(const std::string& address)> known,
               foreign what_of_them, prometheus::Registry& registry);

  /// Whether a genuine push from `address` is taken. Counts those of unknown
  /// addresses and tells of them, once a minute at most.
  bool admits(const std::string& address, domain::instant now);

private:
  void log(const std::string& address);

  const std::function<bool(const std::string&)> known_;
  const foreign what_of_them_;
  prometheus::Counter& count_;
  log_limiter logs_;
};

} // namespace zhiku::http
