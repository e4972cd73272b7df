#pragma once
// Messages to people in virtual time: real deliveries over HTTP to a sandbox
// and over SQL to a database, a clock that only moves when it is told, and a
// courier that needs no actors.

#include "actors/notice_desk.hpp"
#include "config/settings.hpp"
#include "persistence/postgres_store.hpp"
#include "persistence/queries/rows.hpp"
#include "tests/sandbox/fixture.hpp"
#include "tests/support/test_database.hpp"

#include <prometheus/registry.h>

namespace zhiku::actors::test {

using domain::json;

/// A person who follows, has a phone and is registered.
struct recipient {
  std::string id;
  std::string openid;
  std::string phone;
};

class message_world : public sandbox::sandbox_fixture {
protected:
  message_world();

  recipient new_person();

  /// An effect as an entity's commit leaves it. Each is a second younger than
  /// the former, so that a person's messages have an order.
  std::string notify(const recipient& whom, const std::string& event);

  /// What is due is delivered, and time goes on, until `by` has passed.
  void run(std::chrono::seconds by);

  /// A desk of its own, as another thread or node has one.
  std::unique_ptr<notice_desk> new_desk();
  notice_tools new_tools(std::shared_ptr<token_keeper> tokens);
  std::shared_ptr<token_keeper> new_keeper();

  void order_fault(json what);
  void end_faults();

  json template_messages();
  /// client_msg_ids that reached the person, in order.
  std::vector<std::string> messages_of(const recipient& whom);
  std::size_t sms_to(const recipient& whom);
  std::int64_t tokens_made();

  /// "TEMPLATE/1 SENT", … of a notification, by route and number.
  std::vector<std::string> way_of(const std::string& id);
  std::string fate_of(const std::string& id);
  std::string sql_text(const std::string& query);

  zhiku::test::test_database database;
  persistence::vault keys;
  std::shared_ptr<manual_clock> time;
  std::shared_ptr<metrics> counts;
  std::shared_ptr<const notice_rules> rules;
  std::shared_ptr<channel_health> channel;
  std::shared_ptr<call_ledger> ledger;
  std::shared_ptr<token_keeper> tokens;
  std::unique_ptr<persistence::store> store;
  std::unique_ptr<notice_desk> desk;
  std::vector<order> told;

private:
  persistence::database db_;
  int people_ = 0;
  int notices_ = 0;
};

} // namespace zhiku::actors::test
