// Commands that talk to the platform: the menu, and whether our settings and
// the account agree.

#include "actors/platform_client.hpp"
#include "app/commands.hpp"
#include "app/wiring.hpp"
#include "persistence/health.hpp"
#include "wechat/errcode.hpp"
#include "wechat/menu.hpp"
#include "wechat/template_rules.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <nlohmann/json.hpp>
#include <prometheus/registry.h>

namespace zhiku::app {

using domain::json;

namespace {

/// A way to the platform that shares tokens and ledger with the servers.
class line {
public:
  explicit line(const config::settings& how)
      : keys_(key_ring_of(how)), health_(how.database.dsn),
        clock_(std::make_shared<actors::database_clock>()),
        counts_(std::make_shared<actors::metrics>(
          std::make_shared<prometheus::Registry>())),
        ledger_(std::make_shared<actors::call_ledger>(
          how.database.dsn, std::map<std::string, std::int64_t>{})),
        client_(account_of(how), std::make_shared<outgoing::client>(),
                std::make_shared<actors::token_keeper>(how.database.dsn, keys_,
                                                       clock_, counts_),
                ledger_, fetchers_) {
    clock_->measure([this] { return health_.clock(); });
  }

  ~line() {
    ledger_->flush(clock_->now());
  }

  actors::platform_client& client() {
    return client_;
  }

private:
  persistence::vault keys_;
  persistence::health health_;
  std::shared_ptr<actors::database_clock> clock_;
  std::shared_ptr<actors::metrics> counts_;
  std::shared_ptr<actors::call_ledger> ledger_;
  actors::worker_pool fetchers_{1, 1};
  actors::platform_client client_;
};

int complain(const wechat::api_error& why) {
  auto address = wechat::refused_address(why.errmsg);
  std::fprintf(stderr, "the platform does not answer as asked: %d %s\n",
               why.errcode, why.errmsg.c_str());
  if (!address.empty())
    std::fprintf(stderr, "allow this address in the account's console: %s\n",
                 address.c_str());
  return 1;
}

std::string replaced(std::string text, std::string_view what,
                     const std::string& with) {
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
  return text;
}

/// The menu's file with our address filled in; null, and told why, when it
/// cannot be used.
json read_menu(const config::settings& how) {
  std::ifstream in{how.wechat.menu};
  if (how.wechat.menu.empty() || !in) {
    std::fprintf(stderr, "wechat.menu names no file that can be read\n");
    return nullptr;
  }
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  auto menu =
    json::parse(replaced(text, "{public_base_url}", how.http.public_base_url),
                nullptr, false);
  if (menu.is_discarded()) {
    std::fprintf(stderr, "%s is not JSON\n", how.wechat.menu.c_str());
    return nullptr;
  }
  auto problems = wechat::menu_problems(menu);
  for (const auto& wrong : problems)
    std::fprintf(stderr, "%s: %s\n", wrong.where.c_str(), wrong.what.c_str());
  return problems.empty() ? menu : json(nullptr);
}

/// How the account's template differs from what the catalogue fills in.
std::vector<std::string> mismatches(const domain::notice::kind& kind,
                                    const wechat::private_template& theirs) {
  std::vector<std::string> lines;
  auto wanted = wechat::fields_of_template(theirs.content);
  for (const auto& field : wanted)
    if (!kind.fields.contains(field))
      lines.push_back("the template wants " + field);
  for (const auto& [field, text] : kind.fields)
    if (std::find(wanted.begin(), wanted.end(), field) == wanted.end())
      lines.push_back("the template has no " + field);
  return lines;
}

int compare_templates(const config::settings& how,
                      const std::vector<wechat::private_template>& theirs) {
  int wrong = 0;
  auto tell = [&](const std::string& event, const std::string& what) {
    std::printf("%s: %s\n", event.c_str(), what.c_str());
    ++wrong;
  };
  for (const auto& [event, id] : how.notifications.templates) {
    auto found =
      std::find_if(theirs.begin(), theirs.end(),
                   [&](const auto& one) { return one.template_id == id; });
    if (found == theirs.end())
      tell(event, "the account has no template " + id);
    else if (const auto* kind = how.notifications.kinds.find(event))
      for (const auto& line : mismatches(*kind, *found))
        tell(event, line);
  }
  return wrong;
}

} // namespace

int check_menu(const config::settings& how) {
  if (read_menu(how).is_null())
    return 1;
  std::printf("the menu is right\n");
  return 0;
}

int diff_menu(const config::settings& how) {
  auto ours = read_menu(how);
  if (ours.is_null())
    return 1;
  auto theirs = line{how}.client().menu();
  constexpr int no_menu = 46003;
  if (!theirs && theirs.error().errcode != no_menu)
    return complain(theirs.error());
  auto lines =
    wechat::menu_differences(ours, theirs ? *theirs : json::object());
  for (const auto& each : lines)
    std::printf("%s\n", each.c_str());
  if (lines.empty())
    std::printf("the platform shows this menu\n");
  return lines.empty() ? 0 : 3;
}

int push_menu(const config::settings& how) {
  auto ours = read_menu(how);
  if (ours.is_null())
    return 1;
  auto pushed = line{how}.client().push_menu(ours);
  if (!pushed)
    return complain(pushed.error());
  std::printf("the menu is pushed; phones show it within some minutes\n");
  return 0;
}

int check_platform(const config::settings& how) {
  line to{how};
  auto theirs = to.client().templates();
  if (!theirs)
    return complain(theirs.error());
  auto addresses = to.client().callback_addresses();
  if (!addresses)
    return complain(addresses.error());
  std::printf("token: had\ntemplates of the account: %zu\n"
              "addresses that may call us: %zu\n",
              theirs->size(), addresses->size());
  auto wrong = compare_templates(how, *theirs);
  if (wrong == 0)
    std::printf("templates and catalogue agree\n");
  return wrong == 0 ? 0 : 1;
}

} // namespace zhiku::app
