#include "actors/loader_actor.hpp"

#include "base/log.hpp"

#include <chrono>
#include <thread>

namespace zhiku::actors {

namespace {

// More names in one query would hold up the first for too long.
constexpr std::size_t most_at_once = 500;

constexpr std::chrono::milliseconds pause{100};

} // namespace

caf::result<loaded_ptr> loader_state::take(std::string stream) {
  auto promise = self->make_response_promise<loaded_ptr>();
  waiting.emplace(std::move(stream), promise);
  if (!std::exchange(flush_sent, true))
    self->send(self, flush_atom_v);
  return promise;
}

// Requests wait briefly for a database that restarts rather than fail at once.
domain::result<std::vector<persistence::loaded>>
loader_state::load_patiently(const std::vector<std::string>& names) {
  auto end = std::chrono::steady_clock::now() + rt->limits.outage;
  for (;;) {
    auto all = store->load(names);
    auto away = !all && all.error().code == domain::errc::unavailable;
    if (!away || std::chrono::steady_clock::now() >= end)
      return all;
    std::this_thread::sleep_for(pause);
  }
}

void loader_state::flush() {
  flush_sent = false;
  std::vector<std::string> names;
  for (auto i = waiting.begin();
       i != waiting.end() && names.size() < most_at_once;
       i = waiting.upper_bound(i->first))
    names.push_back(i->first);
  if (names.empty())
    return;
  auto all = load_patiently(names);
  for (std::size_t i = 0; i < names.size(); ++i) {
    auto [first, last] = waiting.equal_range(names[i]);
    for (auto asker = first; asker != last; ++asker) {
      if (all)
        asker->second.deliver(std::make_shared<persistence::loaded>((*all)[i]));
      else
        asker->second.deliver(caf::make_error(caf::sec::runtime_error));
    }
    waiting.erase(first, last);
  }
  if (!waiting.empty() && !std::exchange(flush_sent, true))
    self->send(self, flush_atom_v);
}

outcome loader_state::find_outcome(const order& repeated) {
  auto found = store->find_outcome(
    {repeated.command_id, repeated.stream, repeated.request});
  if (!found)
    return refused_outcome(found.error());
  if (!*found)
    return refused_outcome({domain::errc::not_found, {}, {}});
  return repeated_outcome(std::move(**found));
}

void loader_state::set_aside(const std::string& stream,
                             const std::string& failure) {
  rt->counts->set_aside.Increment();
  log::error("directory sets entity aside",
             {{"stream", stream}, {"failure", failure}});
  auto written = store->quarantine(stream, failure, rt->time->now());
  if (!written)
    log::error("quarantine cannot be written", {{"stream", stream}});
}

loader_actor::behavior_type
loader(loader_actor::stateful_pointer<loader_state> self, runtime_ptr rt,
       std::shared_ptr<std::unique_ptr<persistence::store>> store) {
  auto& state = self->state;
  state.rt = std::move(rt);
  state.store = std::move(*store);
  return {
    [&state](std::string& stream) { return state.take(std::move(stream)); },
    [&state](find_outcome_atom, const envelope& repeated) {
      return state.find_outcome(repeated.what);
    },
    [&state](setaside_atom, const std::string& stream,
             const std::string& failure) { state.set_aside(stream, failure); },
    [&state](flush_atom) { state.flush(); },
  };
}

} // namespace zhiku::actors
