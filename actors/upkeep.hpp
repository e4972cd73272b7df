#pragma once
// What has to be done now and then for the account: looked at by the monitor,
// done by a worker, since it blocks. No CAF.

#include "actors/metrics.hpp"
#include "actors/worker_pool.hpp"
#include "domain/time.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace zhiku::actors {

/// How a chore went.
struct turn {
  domain::instant next; ///< when to do it again
  std::string failure;  ///< for the log; "": well, or nothing was due
};

struct chore {
  std::string name; ///< for the log
  /// Blocks, on a worker; never twice at a time.
  std::function<turn(domain::instant now)> work;
};

/// Of failures in a row only the first is a warning: a system without a real
/// account fails for ever.
class upkeep {
public:
  /// Each chore is due at once. `workers` must outlive it.
  upkeep(worker_pool& workers, std::shared_ptr<metrics> counts,
         std::vector<chore> chores);
  ~upkeep();

  /// Hands what is due to the workers. Never blocks; one thread.
  void look(domain::instant now);

private:
  struct post;

  worker_pool& workers_;
  std::shared_ptr<metrics> counts_;
  std::vector<std::shared_ptr<post>> posts_; ///< shared with work under way
};

} // namespace zhiku::actors
