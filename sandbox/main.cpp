// zhiku-sandbox: the WeChat platform and two SMS carriers, simulated, on
// 127.0.0.1. See README.md for what it plays and how to steer it.

#include "base/log.hpp"
#include "sandbox/server.hpp"

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <pthread.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

namespace {

using namespace zhiku;

/// Blocks the signals that end us, for every thread made from now on.
sigset_t block_ending_signals() {
  sigset_t ending;
  sigemptyset(&ending);
  sigaddset(&ending, SIGINT);
  sigaddset(&ending, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &ending, nullptr);
  return ending;
}

/// Comes back only when the port is taken.
int serve(const sandbox::settings& how) {
  auto ending = block_ending_signals();
  auto running = sandbox::server::start(how);
  if (!running) {
    std::cerr << "port " << how.port << " is taken\n";
    return 1;
  }
  log::info("sandbox listens", {{"port", running->port()}});
  int signal = 0;
  sigwait(&ending, &signal);
  // Nothing is worth saving, and an orderly end would wait for pushes under
  // way.
  std::quick_exit(0);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App app{"The WeChat platform and SMS carriers, simulated."};
  sandbox::settings given;
  std::string config;
  std::string mode;
  app
    .add_option("--config", config,
                "Zhiku's configuration file, for [wechat] and [sms]")
    ->check(CLI::ExistingFile);
  app.add_option("--port", given.port, "Port on 127.0.0.1; 0: any")
    ->capture_default_str();
  app.add_option("--callback", given.callback, "Where pushes go")
    ->capture_default_str();
  app.add_option("--app-id", given.app_id);
  app.add_option("--app-secret", given.app_secret);
  app.add_option("--web-app-id", given.web_app_id, "The website application");
  app.add_option("--web-app-secret", given.web_app_secret);
  app.add_flag("--bound,!--unbound", given.bound,
               "To an open platform account: there are unionids");
  app.add_option("--sms-secret-id", given.sms_secret_id, "Of both carriers");
  app.add_option("--sms-secret-key", given.sms_secret_key);
  app.add_option("--sms-report-url", given.sms_report_url,
                 "Where delivery reports go; {carrier} stands for its name");
  app.add_option("--token", given.token);
  app.add_option("--encoding-aes-key", given.encoding_aes_key);
  app.add_option("--mode", mode, "plain, compatible or safe")
    ->check(CLI::IsMember({"plain", "compatible", "safe"}));
  CLI11_PARSE(app, argc, argv);
  if (!config.empty()) {
    std::string problem;
    auto loaded = sandbox::load_settings(config, {}, problem);
    if (!loaded) {
      std::cerr << config << ": " << problem << '\n';
      return 1;
    }
    // Once more, so that the command line has the last word.
    given = *loaded;
    app.clear();
    CLI11_PARSE(app, argc, argv);
  }
  if (!mode.empty())
    given.mode = *wechat::push_mode_of(mode);
  if (given.mode != wechat::push_mode::plain
      && !wechat::message_key::of(given.encoding_aes_key)) {
    std::cerr << "this mode needs --encoding-aes-key of 43 characters\n";
    return 1;
  }
  return serve(given);
}
