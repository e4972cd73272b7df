#include "actors/notice_message.hpp"
#include "app/commands.hpp"
#include "app/wiring.hpp"
#include "base/random.hpp"
#include "domain/exam/question_bank.hpp"
#include "http/password.hpp"
#include "persistence/health.hpp"
#include "persistence/migrations.hpp"
#include "persistence/queries/plans.hpp"
#include "persistence/queries/questions.hpp"
#include "persistence/queries/staff.hpp"

#include <cstdio>
#include <fstream>
#include <optional>

#include <nlohmann/json.hpp>

namespace zhiku::app {

using domain::json;

namespace {

int fail(const std::string& what) {
  std::fprintf(stderr, "error: %s\n", what.c_str());
  return 1;
}

int fail(const domain::refusal& why) {
  return fail(why.detail.empty() ? std::string{domain::code(why.code)}
                                 : why.detail);
}

std::optional<json> read_json(const std::string& file) {
  std::ifstream in{file};
  auto value = json::parse(in, nullptr, false);
  if (value.is_discarded())
    return std::nullopt;
  return value;
}

domain::instant machine_time() {
  return std::chrono::floor<domain::microseconds>(
    std::chrono::system_clock::now());
}

persistence::staff_row account_of(const json& entry) {
  persistence::staff_row account;
  account.id = new_uuid();
  account.login = entry.at("login");
  account.name = entry.at("name");
  account.roles = entry.at("roles").get<std::vector<std::string>>();
  account.password_hash = http::hash_password(entry.at("password"));
  return account;
}

// Runs `work` in a transaction of its own and says what came of it.
int write(const config::settings& how, const std::string& said,
          const std::function<void(soci::session&)>& work) {
  persistence::database db{how.database.dsn};
  auto outcome = db.transaction(work);
  if (!outcome)
    return fail(outcome.error());
  std::printf("%s\n", said.c_str());
  return 0;
}

} // namespace

int check_config(const config::settings& how) {
  auto problems = actors::unfit_fields(how.notifications.kinds);
  for (const auto& wrong : problems)
    std::fprintf(stderr, "notices: %s %s\n", wrong.event.c_str(),
                 wrong.what.c_str());
  if (!problems.empty())
    return 2;
  std::printf("the configuration is complete\n");
  return 0;
}

int migrate(const config::settings& how) {
  persistence::database db{how.database.dsn};
  auto applied = persistence::migrate(db);
  if (!applied)
    return fail(applied.error());
  for (const auto& name : *applied)
    std::printf("applied %s\n", name.c_str());
  if (applied->empty())
    std::printf("the schema is up to date\n");
  return 0;
}

int why(const config::settings& how, const std::string& stream) {
  persistence::health look{how.database.dsn};
  auto told = look.why(stream);
  if (!told)
    return fail(told.error());
  if (told->at("events") == 0)
    return fail("no events in " + stream);
  std::printf("%s\n", told->dump(2).c_str());
  return 0;
}

int doctor(const config::settings& how) {
  persistence::health look{how.database.dsn};
  auto now = look.clock();
  if (!now)
    return fail(now.error());
  auto found = look.look(*now, domain::seconds{5}, domain::seconds{30});
  auto chains = look.verify_chains();
  if (!found || !chains)
    return fail(found ? chains.error() : found.error());
  std::printf("events %lld, broken chains %zu, overdue effects %lld, parked "
              "effects %lld, set aside %lld, stuck %zu\n",
              static_cast<long long>(chains->events), chains->broken.size(),
              static_cast<long long>(found->overdue),
              static_cast<long long>(found->parked),
              static_cast<long long>(found->set_aside), found->stuck.size());
  for (const auto& place : chains->broken)
    std::printf("broken chain: %s\n", place.c_str());
  for (const auto& stream : found->stuck)
    std::printf("stuck: %s\n", stream.c_str());
  return chains->broken.empty() && found->stuck.empty() ? 0 : 1;
}

int load_questions(const config::settings& how, const std::string& file) {
  auto list = read_json(file);
  if (!list)
    return fail(file + " is not JSON");
  auto bank = domain::question_bank::from_json(*list);
  if (!bank)
    return fail(bank.error());
  return write(
    how, std::to_string(bank->size()) + " questions",
    [&](soci::session& sql) { persistence::put_questions(sql, *list); });
}

int load_plan(const config::settings& how, const std::string& file) {
  auto plan = read_json(file);
  if (!plan)
    return fail(file + " is not JSON");
  if (!plan->contains("id"))
    (*plan)["id"] = new_uuid();
  return write(how, "exam plan loaded", [&](soci::session& sql) {
    persistence::insert_plan(sql, *plan, machine_time());
  });
}

int load_staff(const config::settings& how, const std::string& file) {
  auto list = read_json(file);
  if (!list || !list->is_array())
    return fail(file + " is not a JSON list");
  std::vector<persistence::staff_row> accounts;
  try {
    for (const auto& entry : *list)
      accounts.push_back(account_of(entry));
  } catch (const json::exception& err) {
    return fail(file + ": " + err.what());
  }
  return write(how, std::to_string(accounts.size()) + " staff accounts",
               [&](soci::session& sql) {
                 for (const auto& account : accounts)
                   persistence::put_staff(sql, account);
               });
}

} // namespace zhiku::app
