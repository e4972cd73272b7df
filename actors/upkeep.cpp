#include "actors/upkeep.hpp"

#include "base/log.hpp"

#include <atomic>
#include <utility>

#include <nlohmann/json.hpp>

namespace zhiku::actors {

namespace {

constexpr domain::seconds pause_after_fault{3600};

turn turn_of(const chore& what, domain::instant now) {
  try {
    return what.work(now);
  } catch (const std::exception& fault) {
    return {now + pause_after_fault, fault.what()};
  }
}

} // namespace

// A chore and how it stands. Whoever has set `under_way` owns the rest.
struct upkeep::post {
  explicit post(chore it) : what(std::move(it)) {
    // nop
  }

  const chore what;
  std::atomic<bool> under_way{false};
  domain::instant next{};
  bool failing = false;

  void carry_out(domain::instant now, metrics& counts) {
    auto how = turn_of(what, now);
    next = how.next;
    tell(how.failure, counts);
    under_way = false;
  }

  void tell(const std::string& failure, metrics& counts) {
    auto before = std::exchange(failing, !failure.empty());
    if (!failing)
      return;
    counts.upkeep_failures.Increment();
    log::write(before ? log::level::info : log::level::warn,
               "upkeep does not get done",
               {{"chore", what.name}, {"failure", failure}});
  }
};

upkeep::upkeep(worker_pool& workers, std::shared_ptr<metrics> counts,
               std::vector<chore> chores)
    : workers_(workers), counts_(std::move(counts)) {
  for (auto& one : chores)
    posts_.push_back(std::make_shared<post>(std::move(one)));
}

upkeep::~upkeep() = default;

void upkeep::look(domain::instant now) {
  for (const auto& one : posts_) {
    if (one->under_way || now < one->next)
      continue;
    one->under_way = true;
    auto handed = workers_.run(
      [one, now, counts = counts_] { one->carry_out(now, *counts); });
    if (!handed)
      one->under_way = false;
  }
}

} // namespace zhiku::actors
