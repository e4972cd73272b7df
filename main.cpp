// The command line. Everything else is in the folders; `app/` wires them.

#include "app/commands.hpp"
#include "base/log.hpp"

#include <cstdio>
#include <functional>
#include <string>

#include <CLI/CLI.hpp>

using namespace zhiku;

namespace {

int print_problems(const std::vector<config::problem>& problems) {
  for (const auto& wrong : problems)
    std::fprintf(stderr, "%s\n", config::to_text(wrong).c_str());
  return 2;
}

int with_settings(const std::string& file,
                  const std::function<int(const config::settings&)>& run) {
  auto loaded = config::load(file, config::process_environment);
  if (!loaded.problems.empty())
    return print_problems(loaded.problems);
  log::set_level(loaded.values.log.level);
  return run(loaded.values);
}

} // namespace

int main(int argc, char** argv) {
  CLI::App cli{"Zhiku: an expert pool run through a WeChat Official Account"};
  cli.set_version_flag("--version", ZHIKU_VERSION);
  cli.require_subcommand(1);
  std::string file;
  std::string argument;
  int code = 0;

  auto command = [&](CLI::App* parent, const char* name, const char* help,
                     std::function<int(const config::settings&)> run) {
    auto* sub = parent->add_subcommand(name, help);
    sub->add_option("--config", file, "TOML file with the settings");
    sub->callback(
      [&, run = std::move(run)] { code = with_settings(file, run); });
    return sub;
  };

  command(&cli, "serve", "run the server", app::serve);
  command(&cli, "migrate", "bring the database schema up to date",
          app::migrate);
  command(&cli, "doctor", "check hash chains and look for what is stuck",
          app::doctor);
  command(&cli, "why", "tell what an entity waits for",
          [&](const auto& how) { return app::why(how, argument); })
    ->add_option("stream", argument, "kind/ID")
    ->required();

  struct loader {
    const char* what;
    const char* help;
    int (*run)(const config::settings&, const std::string&);
  };
  for (const auto& [what, help, run] :
       {loader{"questions", "the question bank", app::load_questions},
        loader{"plans", "exam plans", app::load_plan},
        loader{"staff", "staff accounts", app::load_staff}}) {
    auto* group = cli.add_subcommand(what, help);
    group->require_subcommand(1);
    command(
      group, "load", "load them from a JSON file",
      [&argument, run = run](const auto& how) { return run(how, argument); })
      ->add_option("file", argument, "JSON file")
      ->required();
  }

  auto* menu = cli.add_subcommand("menu", "the account's menu");
  menu->require_subcommand(1);
  command(menu, "check", "check the menu's file", app::check_menu);
  command(menu, "diff", "compare it with what the platform shows",
          app::diff_menu);
  command(menu, "push", "put it there", app::push_menu);
  auto* platform = cli.add_subcommand("platform", "the account");
  platform->require_subcommand(1);
  command(platform, "check", "whether the account and our settings agree",
          app::check_platform);

  auto* config_group = cli.add_subcommand("config", "the settings");
  config_group->require_subcommand(1);
  command(config_group, "check", "list every problem at once",
          app::check_config);
  config_group->add_subcommand("example", "print a commented example")
    ->callback([] { std::printf("%s", config::example_toml().c_str()); });

  CLI11_PARSE(cli, argc, argv);
  return code;
}
