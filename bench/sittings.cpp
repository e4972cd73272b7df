#include "bench/sittings.hpp"

#include "base/random.hpp"
#include "bench/report.hpp"
#include "domain/exam/paper.hpp"
#include "domain/settings.hpp"
#include "domain/waits_for.hpp"
#include "persistence/postgres_store.hpp"

#include <prometheus/registry.h>

namespace zhiku::bench {

namespace {

constexpr std::chrono::seconds duration{5400};
constexpr std::size_t seeded_at_once = 500;

json invented_question(int number, std::string type, json options, json key) {
  return {{"id", "Q" + std::to_string(number)},
          {"number", number},
          {"version", 1},
          {"type", std::move(type)},
          {"topic", "bench"},
          {"stem", "Which of these is right?"},
          {"options", std::move(options)},
          {"key", std::move(key)}};
}

json plan_closing(domain::instant started_at) {
  auto day = std::chrono::hours{24};
  return {{"id", "01936a2b-0000-7000-8000-000000000001"},
          {"name", "bench"},
          {"window_start", domain::to_text(started_at - day)},
          {"window_end", domain::to_text(started_at + 30 * day)},
          {"duration_s", duration.count()},
          {"pass_tenths", 600},
          {"paper",
           {{{"type", "SINGLE"}, {"count", 40}, {"tenths", 10}},
            {{"type", "MULTI"}, {"count", 20}, {"tenths", 20}},
            {{"type", "JUDGE"}, {"count", 20}, {"tenths", 10}}}},
          {"multi_rule", "ALL_OR_NOTHING"}};
}

} // namespace

std::shared_ptr<const domain::question_bank> invented_bank() {
  json list = json::array();
  const json four = {"first", "second", "third", "fourth"};
  for (int number = 1; number <= 200; ++number) {
    if (number % 4 == 0)
      list.push_back(invented_question(number, "MULTI", four, {0, 2}));
    else if (number % 4 == 1)
      list.push_back(
        invented_question(number, "JUDGE", {"right", "wrong"}, {0}));
    else
      list.push_back(invented_question(number, "SINGLE", four, {1}));
  }
  auto bank = domain::question_bank::from_json(list);
  if (!bank)
    throw cannot_measure("the invented questions are refused");
  return std::make_shared<const domain::question_bank>(std::move(*bank));
}

persistence::key_ring invented_keys() {
  return {{{"k1", std::string(32, 'w')}}, "k1", std::string(32, 'l')};
}

actors::system_settings settings_for(const std::string& dsn) {
  actors::system_settings how;
  how.dsn = dsn;
  how.account.api_base = "http://127.0.0.1:1"; // nobody: refused at once
  how.keep_callback_sources = false;
  return how;
}

actors::system& start_runtime(actors::system_settings how,
                              std::shared_ptr<prometheus::Registry> registry) {
  auto* keys = new persistence::vault{invented_keys()};
  auto* system = new actors::system{std::move(how), *keys, std::move(registry)};
  system->set_bank(invented_bank());
  return *system;
}

actors::system& start_runtime(const std::string& dsn) {
  return start_runtime(settings_for(dsn),
                       std::make_shared<prometheus::Registry>());
}

sitting::sitting(std::size_t place)
    : id_(domain::derive_id("bench sitting", std::to_string(place))),
      applicant_id_(
        domain::derive_id("bench applicant", std::to_string(place))) {
  // nop
}

std::string sitting::stream() const {
  return "exam_session/" + id_;
}

domain::actor_ref sitting::owner() const {
  return {{"APPLICANT"}, applicant_id_, domain::channel::pc};
}

sitting::answer sitting::next_answer() {
  auto n = seq_ % paper_length + 1;
  ++seq_;
  return {n, domain::option_id(seed_, n, 0), seq_};
}

/// Plays one sitting's commands on its decider and gathers what an entity
/// would have committed, without the letters to its applicant.
class seeder {
public:
  explicit seeder(domain::instant closes_at)
      : bank_(invented_bank()),
        started_at_(closes_at - rules_.exam_grace - duration) {
    // nop
  }

  persistence::append start(sitting& who) {
    auto entity = domain::make_entity(who.stream());
    persistence::append what;
    what.stream = who.stream();
    what.at = started_at_;
    what.actor = domain::to_json(who.owner());
    play(*entity, what, domain::actor_ref{{"SYSTEM"}, "", {}},
         {"register",
          {{"case_id", domain::derive_id("bench case", who.id())},
           {"applicant_id", who.applicant_id()},
           {"plan", plan_closing(started_at_)}}});
    play(*entity, what, who.owner(), {"start"});
    const auto& started = what.events.back();
    for (auto& ef : entity->effects(started))
      what.effects.push_back({what.stream + ":0:0", std::move(ef)});
    what.subject = entity->subject();
    what.rows = entity->project();
    what.now_stands = persistence::standing{
      entity->state_name(), false,
      std::string{domain::waits_for("exam_session", entity->state_name())}};
    who.writer_ = started.data.at("writer");
    who.seed_ =
      domain::seed_of(started.data.at("seed").get_ref<const std::string&>());
    return what;
  }

private:
  void play(domain::entity& entity, persistence::append& into,
            domain::actor_ref who, const domain::command& cmd) {
    domain::context ctx;
    ctx.now = started_at_;
    ctx.who = std::move(who);
    ctx.command_id = new_uuid();
    ctx.rules = &rules_;
    ctx.bank = bank_.get();
    auto made = entity.decide(cmd, ctx);
    if (!made)
      throw cannot_measure("a sitting refuses to " + cmd.type);
    for (auto& ev : made->events) {
      entity.evolve(ev);
      into.events.push_back(std::move(ev));
    }
  }

  domain::policy rules_;
  std::shared_ptr<const domain::question_bank> bank_;
  domain::instant started_at_;
};

std::vector<sitting> seed_sittings(const std::string& dsn, std::size_t count,
                                   domain::instant closes_at) {
  persistence::vault keys{invented_keys()};
  auto store = persistence::make_postgres_store(dsn, keys);
  seeder one{closes_at};
  std::vector<sitting> all;
  all.reserve(count);
  std::vector<persistence::append> batch;
  while (all.size() < count) {
    batch.clear();
    while (batch.size() < seeded_at_once && all.size() < count) {
      all.emplace_back(all.size());
      batch.push_back(one.start(all.back()));
    }
    for (const auto& done : store->commit(batch))
      if (done.code != domain::errc::none)
        throw cannot_measure("a sitting cannot be stored");
  }
  return all;
}

domain::instant machine_time() {
  return std::chrono::floor<domain::microseconds>(
    std::chrono::system_clock::now());
}

} // namespace zhiku::bench
