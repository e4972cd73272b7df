#include "actors/entity_actor.hpp"

#include "base/log.hpp"
#include "domain/exam/question_bank.hpp"
#include "domain/waits_for.hpp"

#include <algorithm>

namespace zhiku::actors {

using domain::errc;
using domain::instant;
using domain::refusal;

namespace {

constexpr int most_tries = 5; // of one order against the version fence

outcome refused(errc code) {
  return refused_outcome({code, {}, {}});
}

} // namespace

void waiting_order::answer(outcome with) {
  if (auto* promise = std::get_if<0>(&asker))
    promise->deliver(std::move(with));
  else
    std::get<1>(asker)->deliver(std::move(with));
}

caf::result<outcome> entity_state::take(envelope what) {
  auto promise = self->make_response_promise<outcome>();
  enqueue({std::move(what), promise});
  return promise;
}

void entity_state::take(ticket_ptr what) {
  enqueue({std::move(what->what), std::move(what->asker)});
}

void entity_state::enqueue(waiting_order order) {
  if (queue_.size() >= rt->limits.entity_queue) {
    order.answer(refused(errc::busy));
    return;
  }
  queue_.push_back(std::move(order));
  work();
}

void entity_state::retire() {
  retiring_ = true;
  work();
}

void entity_state::work() {
  while (!busy_ && !queue_.empty()) {
    if (aside_)
      finish(refused(errc::unavailable));
    else if (entity_ == nullptr)
      load();
    else
      decide();
  }
  if (retiring_ && !busy_ && queue_.empty())
    self->quit();
}

void entity_state::load() {
  busy_ = true;
  self->request(rt->loader_of(stream), rt->limits.request, stream)
    .then(
      [this](const loaded_ptr& stored) {
        busy_ = false;
        try {
          restore(*stored);
        } catch (const std::exception& err) {
          entity_.reset();
          fail(err.what());
        }
        work();
      },
      [this](const caf::error&) {
        busy_ = false;
        fail_all(errc::unavailable);
        work();
      });
}

void entity_state::restore(const persistence::loaded& stored) {
  aside_ = stored.quarantined;
  entity_ = domain::make_entity(stream);
  if (entity_ == nullptr) {
    fail_all(errc::not_found);
    return;
  }
  if (stored.snapshot)
    entity_->restore(stored.snapshot->state, stored.snapshot->pii);
  for (const auto& ev : stored.events)
    entity_->evolve(ev.what);
  version_ = stored.version;
  chain_ = stored.chain;
  standing_ = version_ == 0 ? "" : entity_->state_name();
}

void entity_state::decide() {
  auto& order = queue_.front().what.what;
  auto bank = rt->bank();
  domain::context ctx;
  ctx.now = rt->time->now();
  ctx.who = order.who;
  // Never the asker's own id: seeds and tokens are derived from this one, and
  // whoever could choose it could choose their exam paper.
  ctx.command_id = rt->new_id();
  ctx.rules = rt->rules.get();
  ctx.bank = bank.get();
  try {
    auto made = entity_->decide(order.what, ctx);
    if (!made)
      finish_unless_repeated(refused_outcome(made.error()));
    else if (made->events.empty())
      finish_unless_repeated({errc::none, {}, std::move(made->reply)});
    else
      commit(std::move(*made), ctx.now);
  } catch (const std::exception& err) {
    entity_.reset();
    fail(err.what());
  }
}

// A repeat of a command that was carried out finds a state that has moved on;
// its first answer is the right one, not what would be said now.
void entity_state::finish_unless_repeated(outcome with) {
  const auto& order = queue_.front().what;
  if (order.what.command_id.empty()) {
    finish(std::move(with));
    return;
  }
  busy_ = true;
  self
    ->request(rt->loader_of(stream), rt->limits.request, find_outcome_atom_v,
              order)
    .then(
      [this, with](outcome& first) {
        busy_ = false;
        finish(first.code == errc::not_found && !first.repeated
                 ? with
                 : std::move(first));
        work();
      },
      [this](const caf::error&) {
        busy_ = false;
        finish(refused(errc::unavailable));
        work();
      });
}

append_ptr entity_state::evolve_into_append(domain::decision& made, instant now,
                                            std::int64_t& earliest_due) {
  auto& order = queue_.front().what;
  auto what = std::make_shared<persistence::append>();
  what->stream = stream;
  what->expected_version = version_;
  what->previous_chain = chain_;
  what->at = now;
  what->actor = domain::to_json(order.what.who);
  what->command_id = order.what.command_id;
  what->effect_id = order.effect_id;
  what->request = order.what.request;
  what->reply = made.reply;
  what->refused = made.refused;
  auto version = version_;
  int count = 0;
  auto add_effect = [&](domain::effect ef) {
    auto due = ef.due == instant{} ? now : ef.due;
    auto micros = due.time_since_epoch().count();
    earliest_due = earliest_due == 0 ? micros : std::min(earliest_due, micros);
    what->effects.push_back(
      {stream + ':' + std::to_string(version) + ':' + std::to_string(count++),
       std::move(ef)});
  };
  for (auto& ev : made.events) {
    ++version;
    entity_->evolve(ev);
    for (auto& ef : entity_->effects(ev))
      add_effect(std::move(ef));
    what->events.push_back(std::move(ev));
  }
  for (auto& ef : made.effects)
    add_effect(std::move(ef));
  what->subject = entity_->subject();
  what->rows = entity_->project();
  if (auto current = entity_->state_name(); current != standing_)
    what->now_stands = persistence::standing{
      current, entity_->final(),
      std::string{domain::waits_for(domain::kind_of(stream), current)}};
  auto every = rt->limits.snapshot_every;
  if (version / every != version_ / every)
    what->snapshot = persistence::stored_snapshot{entity_->snapshot(),
                                                  entity_->snapshot_pii()};
  return what;
}

void entity_state::commit(domain::decision made, instant now) {
  std::int64_t earliest_due = 0;
  auto what = evolve_into_append(made, now, earliest_due);
  outcome with;
  with.reply = std::move(made.reply);
  with.changed = true;
  if (made.refused) {
    with.code = made.refused->code;
    with.why = std::move(*made.refused);
  }
  busy_ = true;
  self->request(rt->journal_of(stream), rt->limits.request, std::move(what))
    .then(
      [this, with, earliest_due](const appended_ptr& how) {
        busy_ = false;
        if (how->code == errc::none)
          committed(*how, with, earliest_due);
        else
          not_committed(*how);
        work();
      },
      [this](const caf::error&) {
        busy_ = false;
        entity_.reset();
        finish(refused(errc::timeout));
        work();
      });
}

void entity_state::committed(const persistence::appended& how, outcome with,
                             std::int64_t earliest_due) {
  version_ = how.version;
  chain_ = how.chain;
  standing_ = entity_->state_name();
  if (earliest_due != 0) {
    self->send(rt->entity_courier, poke_atom_v, earliest_due);
    self->send(rt->person_courier, poke_atom_v, earliest_due);
  }
  finish(std::move(with));
}

void entity_state::not_committed(const persistence::appended& how) {
  entity_.reset();
  auto& order = queue_.front();
  if (how.code == errc::version_conflict && ++order.tries < most_tries)
    return; // load anew and decide again
  if (how.code == errc::duplicate_command) {
    finish(repeated_outcome(how.first));
    return;
  }
  finish(refused(how.code == errc::version_conflict ? errc::busy : how.code));
}

void entity_state::finish(outcome with) {
  auto order = std::move(queue_.front());
  queue_.pop_front();
  order.answer(std::move(with));
}

void entity_state::fail(const std::string& what) {
  log::error("entity fails", {{"stream", stream}, {"failure", what}});
  self->send(directory, failed_atom_v, stream, what);
  if (!queue_.empty())
    finish(refused(errc::internal));
}

void entity_state::fail_all(errc code) {
  while (!queue_.empty())
    finish(refused(code));
}

entity_actor::behavior_type
entity(entity_actor::stateful_pointer<entity_state> self, runtime_ptr rt,
       directory_actor directory, std::string stream) {
  auto& state = self->state;
  state.rt = std::move(rt);
  state.directory = std::move(directory);
  state.stream = std::move(stream);
  return {
    [&state](envelope& what) { return state.take(std::move(what)); },
    [&state](ticket_ptr& what) { state.take(std::move(what)); },
    [&state](retire_atom) { state.retire(); },
  };
}

} // namespace zhiku::actors
