#include "bench/server_process.hpp"

#include "actors/worker_pool.hpp"
#include "base/log.hpp"
#include "bench/forgetful_store.hpp"
#include "bench/report.hpp"
#include "bench/sittings.hpp"
#include "http/api.hpp"

#include <cstdio>

#include <prometheus/registry.h>

namespace zhiku::bench {

namespace {

constexpr std::size_t offload_threads = 4;
constexpr std::size_t offload_queue = 2'000;
constexpr std::chrono::seconds stop_limit{5};

/// Answers in the shape of a saved answer.
class immediate_gateway final : public actors::gateway {
public:
  void execute(actors::order what, answer done) override {
    actors::outcome saved;
    saved.changed = true;
    saved.reply = {{"n", what.what.data.at("n")},
                   {"seq", what.what.data.at("seq")},
                   {"server_time", domain::to_text(now())},
                   {"remaining_ms", 3'600'000}};
    done(std::move(saved));
  }

  void offload(std::function<void()> work,
               std::function<void()> refused) override {
    if (!workers_.run(std::move(work)))
      refused();
  }

  domain::instant now() const override {
    return machine_time();
  }

private:
  actors::worker_pool workers_{offload_threads, offload_queue};
};

/// Like the runtime, it ends with the process.
actors::gateway& start_gateway(const std::string& dsn, backend how,
                               std::shared_ptr<prometheus::Registry> registry) {
  if (how == backend::immediate)
    return *new immediate_gateway;
  auto settings = settings_for(dsn);
  if (how == backend::forgetful)
    settings.make_store = [](const std::string& from, auto& keys) {
      return make_forgetful_store(persistence::make_postgres_store(from, keys));
    };
  return start_runtime(std::move(settings), std::move(registry));
}

http::handler make_handler(actors::gateway& gateway, persistence::pool& readers,
                           persistence::vault& keys,
                           const wechat::callback& callback,
                           std::shared_ptr<prometheus::Registry> registry) {
  http::api_settings settings;
  settings.public_base_url = "https://zhiku.example";
  return http::make_api(
    {gateway, readers, keys, callback, settings,
     [](const std::string&, auto done) { done(domain::errc::unavailable); },
     [] { return http::readiness{true}; }, [] { return std::string{}; },
     std::move(registry)});
}

} // namespace

void serve(const std::string& dsn, backend how,
           const service_process::lifeline& parent) {
  if (std::freopen("/dev/null", "w", stderr) == nullptr)
    throw cannot_measure("cannot open /dev/null");
  log::set_level(log::level::info);
  auto registry = std::make_shared<prometheus::Registry>();
  persistence::vault keys{invented_keys()};
  persistence::pool readers{dsn, offload_threads};
  auto callback =
    wechat::callback::of({std::string{bench_account.app_id},
                          std::string{bench_account.token},
                          wechat::push_mode::safe,
                          std::string{bench_account.encoding_aes_key},
                          "",
                          {}});
  auto& gateway = start_gateway(dsn, how, registry);
  http::server_options options;
  options.address = "127.0.0.1";
  options.port = 0;
  options.render_error = http::error_renderer(false);
  http::server server{
    options, make_handler(gateway, readers, keys, *callback, registry)};
  if (!server.start())
    throw cannot_measure("the server cannot listen");
  parent.announce(server.port());
  parent.wait_until_gone();
  server.stop(stop_limit);
}

} // namespace zhiku::bench
