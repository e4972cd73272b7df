#pragma once
// Work that blocks, done once for all who want its outcome at the time.
// Thread-safe. No CAF.

#include "actors/worker_pool.hpp"
#include "wechat/result.hpp"

#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace zhiku::actors {

class shared_fetch {
public:
  using outcome = wechat::result<std::string>;
  /// Called once, on a thread of the pool or before `get` returns. Must neither
  /// block nor throw.
  using callback = std::function<void(const outcome&)>;

  /// @param threads  where `fetch` runs; must outlive this
  /// @param fetch    blocks; is given what `get` was asked for
  shared_fetch(worker_pool& threads,
               std::function<outcome(const std::string& key)> fetch);

  /// Tells `done` what `fetch(key)` comes to: the one under way if there is
  /// one, or else a new one. failure::unreachable at once when the pool takes
  /// no more work. An empty `done` only has it done.
  void get(const std::string& key, callback done);

private:
  void run(const std::string& key);
  void end(const std::string& key, const outcome& with);
  outcome fetched(const std::string& key) const;

  worker_pool& threads_;
  const std::function<outcome(const std::string&)> fetch_;
  std::mutex mutex_;
  std::map<std::string, std::vector<callback>> under_way_;
};

} // namespace zhiku::actors
