#include "app/commands.hpp"
#include "app/wiring.hpp"
#include "base/log.hpp"
#include "domain/exam/question_bank.hpp"
#include "http/server.hpp"
#include "persistence/migrations.hpp"
#include "persistence/queries/questions.hpp"

#include <csignal>
#include <cstdio>
#include <deque>
#include <mutex>
#include <thread>

#include <pthread.h>

#include <nlohmann/json.hpp>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace zhiku::app {

namespace {

using domain::errc;
using domain::result;

// Blocks the two signals in every thread that is made from here on, so that
// the main thread alone takes them.
sigset_t block_stop_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return signals;
}

result<std::shared_ptr<const domain::question_bank>>
read_bank(persistence::pool& readers) {
  domain::json list;
  auto outcome = readers.run(
    [&](soci::session& sql) { list = persistence::all_questions(sql); });
  if (!outcome)
    return outcome.error();
  auto bank = domain::question_bank::from_json(list);
  if (!bank)
    return bank.error();
  return std::make_shared<const domain::question_bank>(std::move(*bank));
}

/// Makes a call of the platform on a worker thread. `done` gets the value, or
/// `refused_as` when the platform says no, `unavailable` when it is away.
template <class Value, class Call>
void ask_platform(actors::system& system, errc refused_as, Call call,
                  std::function<void(result<Value>)> done) {
  auto refused = [done] { done(errc::busy); };
  system.offload(
    [&system, refused_as, call = std::move(call), done = std::move(done)] {
      auto answer = call(system.platform());
      if (answer)
        done(*answer);
      else
        done(answer.error().kind == wechat::failure::platform
               ? refused_as
               : errc::unavailable);
    },
    std::move(refused));
}

std::string metrics_text(const prometheus::Registry& registry) {
  return prometheus::TextSerializer{}.Serialize(registry.Collect());
}

http::readiness readiness_of(const actors::system& system) {
  auto well = system.database_well();
  return {well, {{"database", well ? "ok" : "away"}}};
}

int complain(const char* what, const domain::refusal& why) {
  std::fprintf(stderr, "%s: %s\n", what,
               why.detail.empty() ? std::string{domain::code(why.code)}.c_str()
                                  : why.detail.c_str());
  return 1;
}

} // namespace

int serve(const config::settings& how) {
  auto signals = block_stop_signals();
  auto gate = wechat::callback::of(callback_of(how));
  if (!gate)
    return complain("wechat settings", {errc::invalid_input, {}, {}});
  auto registry = std::make_shared<prometheus::Registry>();
  persistence::vault keys{key_ring_of(how)};
  persistence::pool readers{how.database.dsn,
                            static_cast<std::size_t>(how.database.readers)};
  auto bank = read_bank(readers);
  if (!bank)
    return complain("question bank", bank.error());
  actors::system system{system_of(how), keys, registry};
  system.set_bank(*bank);
  auto exchange = [&system](std::string code, auto done) {
    ask_platform<wechat::visitor>(
      system, errc::not_authenticated,
      [code = std::move(code)](actors::platform_desk& platform) {
        return platform.exchange_code(code);
      },
      [done = std::move(done)](result<wechat::visitor> who) {
        if (who)
          done(http::oauth_person{who->openid, who->is_snapshotuser});
        else
          done(who.error());
      });
  };
  http::server server{
    server_of(how),
    http::make_api({system, readers, keys, *gate, api_of(how), exchange,
                    [&system] { return readiness_of(system); },
                    [registry] { return metrics_text(*registry); }, registry})};
  if (auto started = server.start(); !started)
    return complain("http server", started.error());
  log::info("server listens", {{"port", server.port()}});
  int received = 0;
  sigwait(&signals, &received);
  log::info("server stops", {{"signal", received}});
  server.stop(how.runtime.shutdown);
  system.stop(how.runtime.shutdown);
  return 0;
}

} // namespace zhiku::app
