#include "actors/courier_actor.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <functional>

namespace zhiku::actors {

using domain::errc;
using domain::instant;
using persistence::due_effect;
using persistence::settlement;

namespace {

constexpr std::size_t most_at_once = 1'000;

bool passes_by_itself(errc code) {
  return code == errc::busy || code == errc::unavailable
         || code == errc::timeout || code == errc::not_ready
         || code == errc::version_conflict;
}

} // namespace

domain::seconds backoff(int attempts) {
  return domain::seconds{std::min(600, 1 << std::clamp(attempts - 1, 0, 10))};
}

void courier_state::wake_at(instant when) {
  auto now = rt->time->now();
  alarm_ = std::min(when, now + rt->limits.look);
  auto wait = std::max(alarm_ - now, domain::microseconds{0});
  self->delayed_send(self, wait, work_atom_v, ++generation_);
}

void courier_state::poke(std::int64_t due_micros) {
  instant due{domain::microseconds{due_micros}};
  if (due < alarm_)
    wake_at(due);
}

void courier_state::work(std::uint64_t generation) {
  if (generation != generation_)
    return; // an earlier alarm replaced this one
  auto now = rt->time->now();
  auto limit = rt->limits.under_way(lane);
  auto room = limit - std::min(under_way_, limit);
  starved_ = room == 0;
  if (starved_) {
    wake_at(now + rt->limits.look);
    return;
  }
  auto most = std::min(room, most_at_once);
  auto taken = store->claim(lane, now, now + rt->lease(lane), most);
  if (!taken) {
    wake_at(now + rt->limits.look);
    return;
  }
  for (auto& due : *taken)
    dispatch(std::move(due));
  starved_ = taken->size() == most;
  if (starved_) {
    wake_at(now);
    return;
  }
  auto next = store->next_due(lane);
  wake_at(next && *next ? **next : now + rt->limits.look);
}

void courier_state::dispatch(due_effect due) {
  if (due.attempts == 1) {
    std::chrono::duration<double> late = rt->time->now() - due.what.due;
    rt->counts->lateness.Observe(std::max(0.0, late.count()));
  }
  ++under_way_;
  if (due.what.what == domain::effect::kind::command)
    deliver_order(std::move(due));
  else
    deliver_notice(std::move(due));
}

void courier_state::deliver_order(due_effect due) {
  envelope what;
  what.what.stream = due.what.target;
  what.what.what = {due.what.type, std::move(due.what.payload),
                    std::move(due.what.pii)};
  what.what.who = {{"SYSTEM"}, due.stream, domain::channel::system};
  what.what.command_id = due.id;
  what.effect_id = due.id;
  self->request(directory, rt->limits.request, std::move(what))
    .then([this, due](const outcome& how) { finished(due, how); },
          [this, due](const caf::error&) {
            outcome lost;
            lost.code = errc::timeout;
            finished(due, lost);
          });
}

void courier_state::deliver_notice(due_effect due) {
  // One person's messages go through one notifier, so they keep their order.
  // The last one is for codes: somebody waits for each, whatever the platform
  // is doing to the others.
  auto code = due.what.what == domain::effect::kind::sms_code;
  auto others = notifiers.size() - 1;
  auto place = code || others == 0
                 ? others
                 : std::hash<std::string>{}(due.what.target) % others;
  auto id = due.id;
  auto attempts = due.attempts;
  self
    ->request(notifiers[place], caf::infinite,
              std::make_shared<due_effect>(std::move(due)))
    .then([this](const settlement_ptr& how) { settle(*how); },
          [this, id, attempts](const caf::error&) {
            settle(
              after_failure(id, attempts, errc::internal, "notifier failed"));
          });
}

void courier_state::finished(const due_effect& due, const outcome& how) {
  if (how.changed) {
    // The very commit that acted on it marked it done.
    carried_out();
    return;
  }
  if (how.ok()) {
    settle({settlement::verdict::done, due.id, rt->time->now(), {}});
    return;
  }
  std::string detail{domain::code(how.code)};
  settle(after_failure(due.id, due.attempts, how.code, std::move(detail)));
}

settlement courier_state::after_failure(const std::string& effect_id,
                                        int attempts, errc code,
                                        std::string detail) const {
  auto now = rt->time->now();
  auto hopeless =
    attempts >= rt->limits.attempts_until_parked && !passes_by_itself(code);
  if (hopeless)
    return {settlement::verdict::park, effect_id, now, std::move(detail)};
  return {settlement::verdict::retry, effect_id, now + backoff(attempts),
          std::move(detail)};
}

void courier_state::carried_out() {
  rt->counts->delivered.Increment();
  make_room();
}

void courier_state::settle(settlement how) {
  switch (how.how) {
  case settlement::verdict::done:
    rt->counts->delivered.Increment();
    break;
  case settlement::verdict::retry:
    rt->counts->retried.Increment();
    break;
  case settlement::verdict::wait:
    break;
  case settlement::verdict::park:
    rt->counts->parked.Increment();
    log::error("courier parks effect",
               {{"effect", how.effect_id}, {"failure", how.failure}});
    break;
  }
  how.at = rt->time->now();
  if (settled_.empty())
    self->send(self, flush_atom_v);
  settled_.push_back(std::move(how));
  make_room();
}

void courier_state::make_room() {
  --under_way_;
  if (starved_ && under_way_ <= rt->limits.under_way(lane) / 2) {
    starved_ = false;
    wake_at(rt->time->now());
  }
}

void courier_state::write_settlements() {
  auto all = std::exchange(settled_, {});
  auto soonest = instant::max();
  for (const auto& one : all)
    if (one.how == settlement::verdict::retry
        || one.how == settlement::verdict::wait)
      soonest = std::min(soonest, one.when);
  // What cannot be written now is claimed again when its lease ends.
  if (store->settle(all) && soonest < alarm_)
    wake_at(soonest);
}

courier_actor::behavior_type
courier(courier_actor::stateful_pointer<courier_state> self, runtime_ptr rt,
        std::shared_ptr<std::unique_ptr<persistence::store>> store,
        persistence::lane lane, directory_actor directory,
        std::vector<notifier_actor> notifiers) {
  auto& state = self->state;
  state.rt = std::move(rt);
  state.store = std::move(*store);
  state.lane = lane;
  state.directory = std::move(directory);
  state.notifiers = std::move(notifiers);
  self->send(self, work_atom_v, std::uint64_t{0});
  return {
    [&state](poke_atom, std::int64_t due) { state.poke(due); },
    [&state](work_atom, std::uint64_t generation) { state.work(generation); },
    [&state](flush_atom) { state.write_settlements(); },
  };
}

} // namespace zhiku::actors
