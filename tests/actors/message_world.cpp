#include "tests/actors/message_world.hpp"

#include "base/random.hpp"

namespace zhiku::actors::test {

using persistence::run_statement;
using persistence::select_row;
using persistence::select_rows;
using persistence::to_sql;

namespace {

persistence::key_ring invented_ring() {
  return {{{"k", random_bytes(32)}}, "k", random_bytes(32)};
}

std::shared_ptr<const notice_rules> built_in_rules() {
  auto none = [](const std::string&) { return std::optional<std::string>{}; };
  auto made = std::make_shared<notice_rules>();
  made->kinds = config::load("", none).values.notifications.kinds;
  for (const auto& kind : made->kinds.all()) {
    made->templates[kind.event] = "sandbox-" + kind.event;
    if (kind.sms != domain::notice::sms_rule::never)
      made->sms_templates.insert(kind.event);
  }
  made->public_base_url = "https://zhiku.example";
  return made;
}

} // namespace

message_world::message_world()
    : keys(invented_ring()),
      time(std::make_shared<manual_clock>(
        domain::instant_of("2026-11-24T02:00:00Z").value())),
      counts(
        std::make_shared<metrics>(std::make_shared<prometheus::Registry>())),
      rules(built_in_rules()), channel(std::make_shared<channel_health>()),
      ledger(std::make_shared<call_ledger>(
        database.dsn(), std::map<std::string, std::int64_t>{})),
      tokens(new_keeper()),
      store(persistence::make_postgres_store(database.dsn(), keys)),
      desk(new_desk()), db_(database.dsn()) {
  // nop
}

std::shared_ptr<token_keeper> message_world::new_keeper() {
  return std::make_shared<token_keeper>(database.dsn(), keys, time, counts);
}

notice_tools message_world::new_tools(std::shared_ptr<token_keeper> keeper) {
  sms::settings first;
  first.name = "first";
  first.base_url = base() + "/sms/tencent";
  first.secret_id = how_.sms_secret_id;
  first.secret_key = how_.sms_secret_key;
  first.app_id = "1400000000";
  first.sign_name = "智库";
  for (const auto& event : rules->sms_templates)
    first.templates[event] = "sandbox-" + event;
  auto second = first;
  second.by = sms::provider::aliyun;
  second.name = "second";
  second.base_url = base() + "/sms/aliyun";
  for (auto& [event, id] : second.templates)
    for (std::size_t i = 0; i < rules->kinds.find(event)->sms_params.size();
         ++i)
      id += (i == 0 ? ":p" : ",p") + std::to_string(i);
  return {
    rules,
    time,
    std::move(keeper),
    channel,
    ledger,
    persistence::notices{database.dsn(), keys},
    wechat::api{account(),
                client_,
                {std::chrono::seconds{2}, std::chrono::milliseconds{700}}},
    sms::make_carriers({first, second}, client_),
    [this](order news) { told.push_back(std::move(news)); }};
}

std::unique_ptr<notice_desk> message_world::new_desk() {
  return std::make_unique<notice_desk>(new_tools(tokens));
}

recipient message_world::new_person() {
  auto number = std::to_string(100 + people_++);
  recipient whom{"00000000-0000-7000-8000-000000000" + number, new_follower(),
                 "13800000" + number};
  auto made = db_.run([&](soci::session& sql) {
    keys.ensure_key(sql, whom.id);
    auto sealed = keys.seal(sql, whom.id, {{"phone", whom.phone}});
    run_statement(
      sql,
      "INSERT INTO person (id, identities, phone_hash, reachable, openid,"
      " created_at, sealed) VALUES (:id, '[]', :hash, true, :openid,"
      " CAST(:at AS timestamptz), :sealed)",
      whom.id, keys.lookup_hash(whom.phone), whom.openid, to_sql(time->now()),
      sealed);
  });
  EXPECT_TRUE(made);
  return whom;
}

std::string message_world::notify(const recipient& whom,
                                  const std::string& event) {
  auto id = "review_case/c:1:" + std::to_string(1000 + notices_++);
  auto due = to_sql(time->now() + std::chrono::milliseconds{notices_});
  domain::json payload = {{"number", "PM2026112400000001"},
                          {"case_id", "c"},
                          {"exam_name", "入库考试"},
                          {"pool_names", {"物业服务项目评标专家"}},
                          {"at_text", "2026-11-24 10:00"},
                          {"deadline_text", "2026-12-15 10:00"},
                          {"window_start_text", "2026-12-01 09:00"},
                          {"window_end_text", "2026-12-14 24:00"},
                          {"term_end_text", "2029-11-24"}};
  auto made = db_.run([&](soci::session& sql) {
    run_statement(
      sql,
      "INSERT INTO effect (id, stream, version, lane, kind, target, type,"
      " payload, due_at, next_at) VALUES (:id, 'review_case/c', 1, 'PERSON',"
      " 'notify', :target, :type, CAST(:payload AS jsonb),"
      " CAST(:due AS timestamptz), CAST(:next AS timestamptz))",
      id, whom.id, event, payload.dump(), due, due);
  });
  EXPECT_TRUE(made);
  return id;
}

void message_world::run(std::chrono::seconds by) {
  using persistence::lane;
  auto end = time->now() + by;
  while (true) {
    auto now = time->now();
    auto due =
      store->claim(lane::person, now, now + std::chrono::seconds{60}, 100);
    ASSERT_TRUE(due);
    if (!due->empty()) {
      for (const auto& one : *due)
        ASSERT_TRUE(store->settle({desk->deliver(one)}));
      continue;
    }
    auto next = store->next_due(lane::person);
    ASSERT_TRUE(next);
    auto to = *next && **next < end
                ? std::max(**next, now + std::chrono::milliseconds{1})
                : end;
    time->advance(to - now);
    if (to == end)
      return;
  }
}

void message_world::order_fault(json what) {
  post("/control/faults", what);
}

void message_world::end_faults() {
  http_.Delete("/control/faults");
}

json message_world::template_messages() {
  return get("/control/template-messages").at("messages");
}

std::vector<std::string> message_world::messages_of(const recipient& whom) {
  std::vector<std::string> ids;
  for (const auto& one : template_messages())
    if (one.at("openid") == whom.openid)
      ids.push_back(one.at("template_id"));
  return ids;
}

std::size_t message_world::sms_to(const recipient& whom) {
  return get("/control/sms?phone=" + whom.phone).at("messages").size();
}

std::int64_t message_world::tokens_made() {
  return get("/control/calls").at("tokens_made").at("stable");
}

std::vector<std::string> message_world::way_of(const std::string& id) {
  std::vector<std::string> way;
  auto read = db_.run([&](soci::session& sql) {
    for (const auto& row : select_rows(
           sql,
           "SELECT route || '/' || number || ' ' || stage AS step FROM"
           " delivery WHERE notification_id = :id ORDER BY route DESC, number",
           id))
      way.push_back(row.at("step"));
  });
  EXPECT_TRUE(read);
  return way;
}

std::string message_world::sql_text(const std::string& query) {
  std::string text;
  auto read = db_.run([&](soci::session& sql) {
    auto row = select_row(sql, query);
    text = row.is_null() ? "" : row.at("text").get<std::string>();
  });
  EXPECT_TRUE(read);
  return text;
}

std::string message_world::fate_of(const std::string& id) {
  return sql_text("SELECT state AS text FROM effect WHERE id = '" + id + "'");
}

} // namespace zhiku::actors::test
