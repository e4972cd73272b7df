#pragma once
// Once a night one node compares whom the platform lists as followers with
// whom we believe to follow, since pushes get lost (PROTOCOL 7). No CAF.

#include "actors/metrics.hpp"
#include "actors/upkeep.hpp"
#include "persistence/database.hpp"
#include "wechat/api.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

namespace zhiku::actors {

class follower_repair {
public:
  /// A page of followers after `from`; empty: from the first.
  using pages = std::function<wechat::result<wechat::follower_page>(
    const std::string& from)>;

  follower_repair(std::string dsn, pages ask, std::shared_ptr<metrics> counts);

  /// The chore of `upkeep`: nothing unless this night's repair is still to be
  /// done and no other node is at it. Changes nothing when the platform does
  /// not give its whole list.
  turn run(domain::instant now);

  /// Ends a `run` under way as soon as that does no harm. Thread-safe.
  void stop();

private:
  using listing = std::unordered_set<std::string>;

  domain::result<bool> take_on(domain::instant now);
  domain::result<domain::nothing> note_done(domain::instant now);
  std::string repair(domain::instant now);
  std::string gather(listing& found);
  domain::result<bool> knows_somebody(domain::instant at);
  domain::result<std::size_t> note_listed(const listing& listed,
                                          domain::instant at);
  domain::result<std::size_t> note_gone(const listing& listed,
                                        domain::instant at);

  persistence::database db_;
  pages ask_;
  std::shared_ptr<metrics> counts_;
  std::atomic<bool> stopped_{false};
};

} // namespace zhiku::actors
