#include "app/commands.hpp"
#include "app/platform_wiring.hpp"
#include "app/wiring.hpp"
#include "base/log.hpp"
#include "domain/exam/question_bank.hpp"
#include "http/server.hpp"
#include "persistence/migrations.hpp"
#include "persistence/queries/questions.hpp"

#include <csignal>
#include <cstdio>

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

std::string metrics_text(const prometheus::Registry& registry) {
  return prometheus::TextSerializer{}.Serialize(registry.Collect());
}

http::readiness readiness_of(const actors::system& system) {
  auto well = system.database_well();
  return {well, {{"database", well ? "ok" : "away"}}};
}

std::function<std::string()>
metrics_of(const config::settings& how,
           const std::shared_ptr<prometheus::Registry>& registry) {
  if (!how.metrics.enabled)
    return {};
  return [registry] { return metrics_text(*registry); };
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
  http::api_dependencies with{system,
                              readers,
                              keys,
                              *gate,
                              api_of(how),
                              {},
                              [&system] { return readiness_of(system); },
                              metrics_of(how, registry),
                              registry};
  offer_platform(with, system, how);
  http::server server{server_of(how), http::make_api(std::move(with))};
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
