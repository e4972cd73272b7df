#pragma once
// How often we called each API of the platform today, over all nodes, so that
// what can wait stops before a daily quota is used up. Thread-safe. No CAF.

#include "persistence/database.hpp"
#include "persistence/queries/platform_calls.hpp"
#include "wechat/api.hpp"

#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace zhiku::actors {

class call_ledger {
public:
  /// @param quotas  API's path -> calls allowed in a day; others are unlimited
  call_ledger(std::string dsn, std::map<std::string, std::int64_t> quotas);

  /// For `wechat::api::observe`.
  void count(const wechat::call_report& call);

  /// When calls of `api` that can wait may go on; nothing: at once. True for
  /// nine tenths of the quota, and after 45009.
  std::optional<domain::instant> kept_until(const std::string& api,
                                            domain::instant now) const;

  /// Adds what was counted to the ledger of all nodes. Blocking; one thread.
  void flush(domain::instant now);

private:
  struct today {
    int day = 0;
    std::int64_t calls = 0;
    bool limited = false;
  };

  const std::map<std::string, std::int64_t> quotas_;
  mutable std::mutex mutex_;
  std::map<std::string, persistence::call_count> waiting_;
  std::map<std::string, today> known_;
  persistence::database db_;
};

} // namespace zhiku::actors
