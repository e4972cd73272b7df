#include "actors/journal_actor.hpp"

#include "actors/patient_commit.hpp"

#include <chrono>

namespace zhiku::actors {

using persistence::append;
using persistence::appended;

caf::result<appended_ptr> journal_state::take(append_ptr what) {
  auto promise = self->make_response_promise<appended_ptr>();
  if (waiting.size() >= rt->limits.writer_queue) {
    auto full = std::make_shared<appended>();
    full->code = domain::errc::busy;
    promise.deliver(std::move(full));
    return promise;
  }
  waiting.emplace_back(std::move(what), promise);
  rt->counts->writer_waiting.Increment();
  if (!std::exchange(flush_sent, true))
    self->send(self, flush_atom_v);
  return promise;
}

std::vector<append> journal_state::next_batch() {
  std::vector<append> batch;
  auto size = std::min(waiting.size(), rt->limits.max_batch);
  batch.reserve(size);
  for (std::size_t i = 0; i < size; ++i)
    batch.push_back(std::move(*waiting[i].first));
  return batch;
}

std::vector<appended> journal_state::commit(const std::vector<append>& batch) {
  auto begin = std::chrono::steady_clock::now();
  auto answers = patient_commit(*store, batch, rt->limits.outage);
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  rt->counts->commit_seconds.Observe(took.count());
  rt->counts->batch_size.Observe(static_cast<double>(batch.size()));
  return answers;
}

void journal_state::flush() {
  flush_sent = false;
  if (waiting.empty())
    return;
  auto batch = next_batch();
  auto answers = commit(batch);
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (answers[i].code == domain::errc::none)
      rt->counts->events.Increment(static_cast<double>(batch[i].events.size()));
    else if (answers[i].code == domain::errc::version_conflict)
      rt->counts->conflicts.Increment();
    auto promise = std::move(waiting.front().second);
    waiting.pop_front();
    promise.deliver(std::make_shared<appended>(std::move(answers[i])));
  }
  rt->counts->writer_waiting.Decrement(static_cast<double>(batch.size()));
  if (!waiting.empty() && !std::exchange(flush_sent, true))
    self->send(self, flush_atom_v);
}

journal_actor::behavior_type
journal(journal_actor::stateful_pointer<journal_state> self, runtime_ptr rt,
        std::shared_ptr<std::unique_ptr<persistence::store>> store) {
  auto& state = self->state;
  state.rt = std::move(rt);
  state.store = std::move(*store);
  return {
    [&state](append_ptr& what) { return state.take(std::move(what)); },
    [&state](flush_atom) { state.flush(); },
  };
}

} // namespace zhiku::actors
