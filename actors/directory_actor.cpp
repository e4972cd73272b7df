#include "actors/directory_actor.hpp"

#include "actors/entity_actor.hpp"

#include <caf/delegated.hpp>

namespace zhiku::actors {

const entity_actor& directory_state::activate(const std::string& stream) {
  auto [entry, fresh] = residents_.try_emplace(stream);
  auto& [key, found] = *entry;
  found.used = rt->time->now();
  if (!fresh) {
    by_use_.splice(by_use_.end(), by_use_, found.place);
    return found.handle;
  }
  found.place = by_use_.insert(by_use_.end(), &key);
  found.handle = self->spawn(entity, rt, directory_actor{self}, stream);
  rt->counts->resident.Increment();
  if (residents_.size() > rt->limits.max_resident)
    retire_oldest();
  return found.handle;
}

// An entity finishes what it has before it quits. An order that comes meanwhile
// starts another actor for the stream: the version fence keeps that harmless.
void directory_state::retire_oldest() {
  auto entry = residents_.find(*by_use_.front());
  self->send(entry->second.handle, retire_atom_v);
  by_use_.pop_front();
  residents_.erase(entry);
  rt->counts->resident.Decrement();
}

void directory_state::retire_idle() {
  auto since = rt->time->now() - rt->limits.idle;
  while (!by_use_.empty()
         && residents_.find(*by_use_.front())->second.used < since)
    retire_oldest();
  self->delayed_send(self, rt->limits.sweep, caf::tick_atom_v);
}

void directory_state::stop(caf::error reason) {
  for (auto& [stream, found] : residents_)
    self->send_exit(found.handle, caf::exit_reason::user_shutdown);
  residents_.clear();
  by_use_.clear();
  self->quit(std::move(reason));
}

void directory_state::failed(const std::string& stream,
                             const std::string& failure) {
  if (++failures_[stream] < rt->limits.failures_until_aside)
    return;
  failures_.erase(stream);
  self->send(rt->loader_of(stream), setaside_atom_v, stream, failure);
}

directory_actor::behavior_type
directory(directory_actor::stateful_pointer<directory_state> self,
          runtime_ptr rt) {
  auto& state = self->state;
  state.rt = std::move(rt);
  self->set_exit_handler(
    [&state](caf::exit_msg& why) { state.stop(std::move(why.reason)); });
  self->delayed_send(self, state.rt->limits.sweep, caf::tick_atom_v);
  return {
    [&state, self](envelope& what) -> caf::delegated<outcome> {
      const auto& target = state.activate(what.what.stream);
      return self->delegate(target, std::move(what));
    },
    [&state, self](ticket_ptr& what) {
      self->send(state.activate(what->what.what.stream), std::move(what));
    },
    [&state](failed_atom, const std::string& stream,
             const std::string& failure) { state.failed(stream, failure); },
    [&state](caf::tick_atom) { state.retire_idle(); },
  };
}

} // namespace zhiku::actors
