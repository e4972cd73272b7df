#pragma once
// The runtime as a whole: made from settings, offers the gateway. No CAF here.

#include "actors/gateway.hpp"
#include "actors/notice_desk.hpp"
#include "actors/platform_client.hpp"
#include "domain/settings.hpp"
#include "persistence/postgres_store.hpp"
#include "sms/carrier.hpp"
#include "wechat/api.hpp"

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Registry;
}
namespace zhiku::domain {
class question_bank;
}

namespace zhiku::actors {

/// Makes a store with a connection of its own.
using store_maker = std::function<std::unique_ptr<persistence::store>(
  const std::string& dsn, persistence::vault& keys)>;

struct system_settings {
  std::string dsn;
  store_maker make_store = persistence::make_postgres_store;
  int writers = 2;
  int loaders = 2;
  int notifiers = 2;
  int offload_threads = 4;
  std::size_t max_in_flight = 4096; ///< orders from outside
  std::size_t max_batch = 512;
  int snapshot_every = 200;
  std::chrono::seconds idle{300};
  std::size_t max_resident = 200'000;
  domain::policy policy;
  wechat::account account;
  std::vector<sms::settings> carriers{{}}; ///< the preferred one first
  notice_rules notices;
  std::map<std::string, std::int64_t> quotas; ///< platform API -> calls a day
  bool keep_callback_sources = true;          ///< for `knows_callback_source`
};

class system final : public gateway {
public:
  /// Starts everything. `keys` must outlive it.
  system(system_settings how, persistence::vault& keys,
         std::shared_ptr<prometheus::Registry> registry);

  /// Stops at once; call `stop` first to finish what was accepted.
  ~system() override;

  void execute(order what, answer done) override;
  void offload(std::function<void()> work,
               std::function<void()> refused) override;
  domain::instant now() const override;

  /// The question bank deciders draw from; replaces the former one.
  void set_bank(std::shared_ptr<const domain::question_bank> bank);

  void offload_hashing(std::function<void()> work,
                       std::function<void()> refused) override;

  /// The platform's services; lives as long as this.
  platform_client& platform();

  /// Whether the platform says that it calls from `address`; true while its
  /// list is not known. Never blocks for long.
  bool knows_callback_source(const std::string& address) const;

  /// Whether the database answered the watchdog's latest look.
  bool database_well() const;

  /// Refuses new orders and waits for those under way, at most `limit`. True
  /// when all were answered.
  bool stop(std::chrono::milliseconds limit);

private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

} // namespace zhiku::actors
