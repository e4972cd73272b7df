#include "actors/patient_commit.hpp"

#include <algorithm>
#include <thread>

namespace zhiku::actors {

using domain::errc;
using persistence::append;
using persistence::appended;
using steady = std::chrono::steady_clock;

namespace {

constexpr std::chrono::milliseconds pause{100};

// One append on its way through several attempts.
struct pending {
  std::size_t place;
  std::vector<std::string> chains; // of attempts with an unknown outcome
};

std::vector<append> select(const std::vector<append>& batch,
                           const std::vector<pending>& open) {
  std::vector<append> part;
  part.reserve(open.size());
  for (const auto& one : open)
    part.push_back(batch[one.place]);
  return part;
}

// The chain of an earlier attempt that is in the journal after all, or "".
std::string landed(persistence::store& store, const append& what,
                   const pending& one) {
  auto version =
    what.expected_version + static_cast<std::int32_t>(what.events.size());
  for (const auto& chain : one.chains) {
    auto found = store.holds(what.stream, version, chain);
    if (found && *found)
      return chain;
  }
  return {};
}

void recognise(persistence::store& store, const append& what,
               const pending& one, appended& answer) {
  auto taken = answer.code == errc::version_conflict
               || answer.code == errc::duplicate_command
               || answer.code == errc::idempotency_key_reused;
  if (!taken || one.chains.empty())
    return;
  auto chain = landed(store, what, one);
  if (chain.empty())
    return;
  answer = {};
  answer.chain = chain;
  answer.version =
    what.expected_version + static_cast<std::int32_t>(what.events.size());
}

} // namespace

std::vector<appended> patient_commit(persistence::store& store,
                                     const std::vector<append>& batch,
                                     std::chrono::milliseconds patience) {
  auto answers = store.commit(batch);
  std::vector<pending> open;
  for (std::size_t i = 0; i < answers.size(); ++i)
    if (answers[i].code == errc::unavailable)
      open.push_back({i, {answers[i].chain}});
  auto end = steady::now() + patience;
  while (!open.empty() && steady::now() < end) {
    std::this_thread::sleep_for(pause);
    auto part = select(batch, open);
    auto again = store.commit(part);
    std::vector<pending> still;
    for (std::size_t i = 0; i < again.size(); ++i) {
      auto& one = open[i];
      recognise(store, part[i], one, again[i]);
      if (again[i].code == errc::unavailable) {
        one.chains.push_back(again[i].chain);
        still.push_back(std::move(one));
      } else {
        answers[one.place] = std::move(again[i]);
      }
    }
    open = std::move(still);
  }
  return answers;
}

} // namespace zhiku::actors
