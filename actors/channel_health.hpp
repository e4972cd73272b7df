#pragma once
// What of the WeChat channel rests until an operator has looked or a minute
// has passed (PROTOCOL 8): the account, one template, the pace. Thread-safe, of
// this node; what it forgets at a restart the platform tells again.

#include "domain/time.hpp"
#include "wechat/errcode.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace zhiku::actors {

class channel_health {
public:
  /// Until when nothing by this template is tried; nothing: it may be.
  std::optional<domain::instant> rests_until(const std::string& template_id,
                                             domain::instant now) const;

  /// When what can wait may go on after the platform asked for patience.
  std::optional<domain::instant> slowed_until(domain::instant now) const;

  /// Takes a failed call's advice to heart.
  void heed(const wechat::api_error& why, const std::string& template_id,
            domain::instant now);

private:
  mutable std::mutex mutex_;
  domain::instant account_until_{};
  domain::instant slow_until_{};
  std::map<std::string, domain::instant> templates_until_;
};

} // namespace zhiku::actors
