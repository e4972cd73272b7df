#include "tests/actors/virtual_world.hpp"

#include "domain/exam/question_bank.hpp"

#include <algorithm>

#include <caf/send.hpp>

namespace zhiku::actors::test {

using domain::instant;

namespace {

// Stands where the real notifier stands and keeps what it was given.
notifier_actor::behavior_type fake_notifier(notifier_actor::pointer,
                                            virtual_world* world) {
  return {[world](const due_effect_ptr& due) {
    world->notices.insert(due->id);
    return std::make_shared<settlement>(
      settlement{settlement::verdict::done, due->id, world->now(), {}});
  }};
}

} // namespace

virtual_config::virtual_config() {
  set("scheduler.policy", caf::atom("testing"));
  add_message_types<caf::id_block::zhiku>();
}

virtual_world::virtual_world(std::uint64_t seed,
                             const domain::question_bank& bank)
    : journal(seed), clock(std::make_shared<manual_clock>(
                       instant{domain::seconds{1'795'000'000}})),
      bank_(bank), system_(config_),
      scheduler_(
        dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
  journal.now = clock->now();
  start();
}

virtual_world::~virtual_world() {
  stop();
}

void virtual_world::start() {
  rt = std::make_shared<runtime>();
  rt->time = clock;
  auto rules = std::make_shared<domain::policy>();
  rules->exam_min_notice = domain::seconds{0};
  rt->rules = rules;
  rt->limits.outage = std::chrono::seconds{0};
  rt->limits.look = std::chrono::hours{24};
  rt->limits.sweep = std::chrono::hours{1};
  rt->limits.snapshot_every = 7;
  rt->counts =
    std::make_shared<metrics>(std::make_shared<prometheus::Registry>());
  rt->new_id = [this] { return "fresh-" + std::to_string(++ids_); };
  rt->set_bank(std::make_shared<const domain::question_bank>(bank_));
  auto store = [this] {
    return std::make_shared<std::unique_ptr<persistence::store>>(
      std::make_unique<memory_store>(journal));
  };
  rt->journals.push_back(keep(system_.spawn(actors::journal, rt, store())));
  rt->loaders.push_back(keep(system_.spawn(loader, rt, store())));
  desk_ = keep(system_.spawn(directory, rt));
  std::vector<notifier_actor> notifiers{
    keep(system_.spawn(fake_notifier, this))};
  rt->entity_courier = keep(system_.spawn(
    courier, rt, store(), lane::entity, desk_, std::vector<notifier_actor>{}));
  rt->person_courier =
    keep(system_.spawn(courier, rt, store(), lane::person, desk_, notifiers));
  run();
}

void virtual_world::stop() {
  for (const auto& one : everyone_)
    caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
  everyone_.clear();
  run();
  desk_ = nullptr;
  rt->journals.clear();
  rt->loaders.clear();
  rt->entity_courier = nullptr;
  rt->person_courier = nullptr;
}

void virtual_world::restart() {
  stop();
  start();
}

void virtual_world::run() {
  while (scheduler_.try_run_once()) {
    // until nothing is left to do at this instant
  }
}

std::optional<outcome> virtual_world::execute(order what) {
  auto answer = std::make_shared<std::optional<outcome>>();
  auto note = std::make_shared<ticket>();
  note->what.what = std::move(what);
  note->asker = std::make_shared<completion>(
    [answer](outcome how) { *answer = std::move(how); });
  caf::anon_send(desk_, std::move(note));
  run();
  return *answer;
}

void virtual_world::move_clock(instant to) {
  auto by = to - clock->now();
  clock->advance(by);
  journal.now = clock->now();
  scheduler_.clock().advance_time(by);
  run();
}

void virtual_world::advance(domain::microseconds by) {
  auto end = now() + by;
  memory_store look{journal};
  while (now() < end) {
    auto next = end;
    for (auto which : {lane::entity, lane::person})
      if (auto due = look.next_due(which).value(); due && *due > now())
        next = std::min(next, *due);
    move_clock(std::min(end, next));
  }
}

std::unique_ptr<domain::entity>
virtual_world::truth(const std::string& stream) const {
  auto entity = domain::make_entity(stream);
  if (auto found = journal.streams.find(stream); found != journal.streams.end())
    for (const auto& entry : found->second)
      entity->evolve(entry.what.what);
  return entity;
}

} // namespace zhiku::actors::test
