#include "actors/system.hpp"

#include "actors/callback_sources.hpp"
#include "actors/courier_actor.hpp"
#include "actors/directory_actor.hpp"
#include "actors/follower_repair.hpp"
#include "actors/journal_actor.hpp"
#include "actors/loader_actor.hpp"
#include "actors/monitor.hpp"
#include "actors/notifier_actor.hpp"
#include "actors/outgoing_metrics.hpp"
#include "actors/upkeep.hpp"
#include "actors/worker_pool.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "domain/exam/question_bank.hpp"

#include <atomic>
#include <condition_variable>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

namespace zhiku::actors {

namespace {

constexpr std::size_t offload_queue = 2'000;
// One for the token and one for the ticket, each for all who want it.
constexpr std::size_t fetch_threads = 2;
constexpr std::size_t fetch_queue = 20;
constexpr std::size_t hashing_queue = 32; // about a second of hashing
constexpr int hashing_niceness = 10;
constexpr std::size_t upkeep_queue = 10;

struct caf_config : caf::actor_system_config {
  caf_config() {
    // Measured faster here than `stealing`, and idle workers sleep.
    set("scheduler.policy", caf::atom("sharing"));
    add_message_types<caf::id_block::zhiku>();
  }
};

std::shared_ptr<std::unique_ptr<persistence::store>>
new_store(const system_settings& how, persistence::vault& keys) {
  return std::make_shared<std::unique_ptr<persistence::store>>(
    how.make_store(how.dsn, keys));
}

std::shared_ptr<outgoing::client>
new_client(std::shared_ptr<prometheus::Registry> registry) {
  outgoing::settings how;
  how.seen_by = std::make_shared<outgoing_metrics>(std::move(registry));
  return std::make_shared<outgoing::client>(std::move(how));
}

runtime_limits limits_of(const system_settings& how) {
  runtime_limits limits;
  limits.max_batch = how.max_batch;
  limits.snapshot_every = how.snapshot_every;
  limits.idle = how.idle;
  limits.max_resident = how.max_resident;
  return limits;
}

} // namespace

// Orders from outside that are under way, counted for the limit and the stop.
class flight_counter {
public:
  flight_counter(std::size_t most, prometheus::Gauge& shown)
      : most_(most), shown_(shown) {
    // nop
  }

  bool enter() {
    std::lock_guard lock{mutex_};
    if (closed_ || count_ >= most_)
      return false;
    shown_.Set(static_cast<double>(++count_));
    return true;
  }

  void leave() {
    std::lock_guard lock{mutex_};
    shown_.Set(static_cast<double>(--count_));
    if (count_ == 0)
      empty_.notify_all();
  }

  bool close(std::chrono::milliseconds limit) {
    std::unique_lock lock{mutex_};
    closed_ = true;
    return empty_.wait_for(lock, limit, [this] { return count_ == 0; });
  }

private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t most_;
  std::size_t count_ = 0;
  bool closed_ = false;
  prometheus::Gauge& shown_;
};

struct system::parts {
  parts(system_settings settings, persistence::vault& keys,
        std::shared_ptr<prometheus::Registry> registry)
      : how(std::move(settings)),
        counts(std::make_shared<metrics>(std::move(registry))),
        time(std::make_shared<database_clock>()),
        flights(how.max_in_flight, counts->in_flight),
        ledger(std::make_shared<call_ledger>(how.dsn, how.quotas)),
        tokens(std::make_shared<token_keeper>(how.dsn, keys, time, counts)),
        calls(new_client(counts->registry)),
        fetchers(fetch_threads, fetch_queue),
        services(how.account, calls, tokens, ledger, fetchers),
        sources([this] { return services.callback_addresses(); }),
        repair(
          how.dsn,
          [this](const std::string& from) { return services.followers(from); },
          counts),
        workers(static_cast<std::size_t>(how.offload_threads), offload_queue),
        hashing(1, hashing_queue, hashing_niceness),
        upkeep_worker(1, upkeep_queue),
        chores(upkeep_worker, counts, all_chores()),
        watch(persistence::health{how.dsn}, time, counts,
              [this](domain::instant now) {
                ledger->flush(now);
                chores.look(now);
              }),
        actors(config) {
    make_runtime();
    spawn_actors(keys);
  }

  ~parts() {
    repair.stop();
    // What they still do may want anything of ours, each other included.
    upkeep_worker.close();
    fetchers.close();
    workers.close();
    for (const auto& one : everyone)
      caf::anon_send_exit(one, caf::exit_reason::user_shutdown);
    everyone.clear();
    desk = nullptr;
    rt->journals.clear();
    rt->loaders.clear();
    rt->entity_courier = nullptr;
    rt->person_courier = nullptr;
    // What was accepted is sent before the client ends.
    actors.await_all_actors_done();
    calls->stop();
  }

  std::vector<chore> all_chores() {
    std::vector<chore> all{
      {"followers", [this](domain::instant now) { return repair.run(now); }}};
    if (how.keep_callback_sources)
      all.push_back({"callback sources", [this](domain::instant now) {
                       return sources.refresh(now);
                     }});
    return all;
  }

  void make_runtime() {
    rt = std::make_shared<runtime>();
    rt->time = time;
    rt->rules = std::make_shared<const domain::policy>(how.policy);
    rt->limits = limits_of(how);
    rt->counts = counts;
    rt->new_id = new_uuid;
  }

  template <class Handle>
  Handle keep(Handle handle) {
    everyone.push_back(caf::actor_cast<caf::actor>(handle));
    return handle;
  }

  void spawn_actors(persistence::vault& keys) {
    for (int i = 0; i < how.writers; ++i)
      rt->journals.push_back(
        keep(actors.spawn<caf::detached>(journal, rt, new_store(how, keys))));
    for (int i = 0; i < how.loaders; ++i)
      rt->loaders.push_back(
        keep(actors.spawn<caf::detached>(loader, rt, new_store(how, keys))));
    desk = keep(actors.spawn(directory, rt));
    std::vector<notifier_actor> notifiers;
    auto rules = std::make_shared<const notice_rules>(how.notices);
    auto channel = std::make_shared<channel_health>();
    for (int i = 0; i < how.notifiers + 1; ++i) // and one for codes
      notifiers.push_back(keep(actors.spawn<caf::detached>(
        notifier, new_tools(keys, rules, channel))));
    rt->entity_courier = keep(actors.spawn<caf::detached>(
      courier, rt, new_store(how, keys), persistence::lane::entity, desk,
      std::vector<notifier_actor>{}));
    rt->person_courier = keep(
      actors.spawn<caf::detached>(courier, rt, new_store(how, keys),
                                  persistence::lane::person, desk, notifiers));
  }

  std::shared_ptr<notice_tools>
  new_tools(persistence::vault& keys, std::shared_ptr<const notice_rules> rules,
            std::shared_ptr<channel_health> channel) {
    return std::make_shared<notice_tools>(notice_tools{
      std::move(rules), time, tokens, std::move(channel), ledger,
      persistence::notices{how.dsn, keys}, wechat::api{how.account, calls},
      sms::make_carriers(how.carriers, calls), [desk = desk](order news) {
        auto note = std::make_shared<ticket>();
        note->what.what = std::move(news);
        note->asker = std::make_shared<completion>([](const outcome&) {
          // News: nobody waits for what came of it.
        });
        caf::anon_send(desk, std::move(note));
      }});
  }

  system_settings how;
  std::shared_ptr<metrics> counts;
  std::shared_ptr<database_clock> time;
  flight_counter flights;
  std::shared_ptr<call_ledger> ledger;
  std::shared_ptr<token_keeper> tokens;
  std::shared_ptr<outgoing::client> calls;
  worker_pool fetchers; ///< of tokens, so that a slow platform stops no reads
  platform_client services;
  callback_sources sources;
  follower_repair repair;
  worker_pool workers;
  worker_pool hashing;       ///< so that guessed passwords stop no reads
  worker_pool upkeep_worker; ///< so that a long list stops no logins
  upkeep chores;
  monitor watch; ///< uses what stands above, until it ends
  caf_config config;
  caf::actor_system actors;
  runtime_ptr rt;
  directory_actor desk;
  std::vector<caf::actor> everyone;
};

system::system(system_settings how, persistence::vault& keys,
               std::shared_ptr<prometheus::Registry> registry)
    : parts_(
      std::make_unique<parts>(std::move(how), keys, std::move(registry))) {
  // nop
}

system::~system() = default;

void system::execute(order what, answer done) {
  if (!parts_->flights.enter()) {
    outcome full;
    full.code = domain::errc::busy;
    full.why.code = full.code;
    done(std::move(full));
    return;
  }
  auto landed = [flights = &parts_->flights,
                 done = std::move(done)](outcome how) {
    done(std::move(how));
    flights->leave();
  };
  auto note = std::make_shared<ticket>();
  note->what.what = std::move(what);
  note->asker = std::make_shared<completion>(std::move(landed));
  caf::anon_send(parts_->desk, std::move(note));
}

void system::offload(std::function<void()> work,
                     std::function<void()> refused) {
  if (!parts_->workers.run(std::move(work)))
    refused();
}

void system::offload_hashing(std::function<void()> work,
                             std::function<void()> refused) {
  if (!parts_->hashing.run(std::move(work)))
    refused();
}

domain::instant system::now() const {
  return parts_->time->now();
}

void system::set_bank(std::shared_ptr<const domain::question_bank> bank) {
  parts_->rt->set_bank(std::move(bank));
}

platform_client& system::platform() {
  return parts_->services;
}

bool system::knows_callback_source(const std::string& address) const {
  return parts_->sources.knows(address);
}

bool system::database_well() const {
  return parts_->watch.database_well();
}

bool system::stop(std::chrono::milliseconds limit) {
  return parts_->flights.close(limit);
}

} // namespace zhiku::actors
