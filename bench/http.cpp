// Answer saves over HTTP: durable, against the same server without its database
// and against one that answers at once; then with and without many idle
// connections. Three servers, taken in turn.

#include "bench/load_generator.hpp"
#include "bench/measurements.hpp"
#include "bench/process.hpp"
#include "bench/report.hpp"
#include "bench/server_process.hpp"
#include "bench/sittings.hpp"
#include "http/session.hpp"
#include "tests/support/test_database.hpp"

#include "base/random.hpp"

namespace zhiku::bench {

namespace {

constexpr const char* idle_request =
  "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n";

/// One person at the exam, logged in.
struct examinee {
  sitting at;
  std::string token;
};

std::string save_request(examinee& who) {
  auto answer = who.at.next_answer();
  auto body = json{{"choice", {answer.option}},
                   {"seq", answer.seq},
                   {"writer", who.at.writer()}}
                .dump();
  return "PUT /api/v1/exams/" + who.at.id() + "/answers/"
         + std::to_string(answer.n)
         + " HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer " + who.token
         + "\r\nContent-Type: application/json\r\nContent-Length: "
         + std::to_string(body.size()) + "\r\n\r\n" + body;
}

http::session login_of(const sitting& who, const std::string& token) {
  http::session login;
  login.token_hash = http::token_hash(token);
  login.kind = "PERSON";
  login.channel = "PC";
  login.applicant_id = who.applicant_id();
  login.csrf_hash = http::token_hash(new_token());
  login.created_at = machine_time();
  login.seen_at = login.created_at;
  login.expires_at = login.created_at + std::chrono::hours{12};
  return login;
}

std::vector<examinee> seat_examinees(const std::string& dsn,
                                     std::size_t count) {
  auto far = machine_time() + std::chrono::hours{1};
  std::vector<examinee> all;
  for (auto& who : seed_sittings(dsn, count, far))
    all.push_back({std::move(who), new_token()});
  persistence::database db{dsn};
  auto stored = db.transaction([&](soci::session& sql) {
    for (const auto& who : all)
      persistence::insert_session(sql, login_of(who.at, who.token));
  });
  if (!stored)
    throw cannot_measure("the logins cannot be stored");
  return all;
}

std::vector<load_generator::source>
sources_of(std::vector<examinee>& examinees) {
  std::vector<load_generator::source> all;
  for (auto& who : examinees)
    all.push_back([&who] { return save_request(who); });
  return all;
}

/// The turns of one of two that alternate.
struct series {
  std::size_t connections;
  std::vector<double> rates = {}, p50 = {}, p99 = {};
  std::uint64_t errors = 0;

  void add(const std::string& name, const load_generator::tally& turn) {
    rates.push_back(turn.per_second);
    p50.push_back(turn.p50_ms);
    p99.push_back(turn.p99_ms);
    errors += turn.errors;
    progress("  " + name + ": "
             + std::to_string(static_cast<int>(turn.per_second)) + "/s, errors "
             + std::to_string(turn.errors));
  }

  double rate() const {
    return median(rates);
  }

  void tell(const std::string& name) const {
    report(name, rate(), "requests/s",
           {{"connections", connections},
            {"errors", errors},
            {"p50_ms", median(p50)},
            {"p99_ms", median(p99)},
            {"turns", rounded(rates)}});
  }
};

void compare_with_ceilings(const options& how, load_generator& durable,
                           load_generator& forgetful,
                           load_generator& immediate) {
  series saves{how.connections}, ceiling{how.connections},
    echoes{how.connections};
  for (int turn = 0; turn < how.turns; ++turn) {
    saves.add("durable", durable.run(how.turn));
    ceiling.add("forgetful", forgetful.run(how.turn));
    echoes.add("immediate", immediate.run(how.turn));
  }
  saves.tell("http_saves");
  ceiling.tell("http_ceiling");
  echoes.tell("http_echoes");
  report("saves_vs_ceiling", saves.rate() / ceiling.rate(), "ratio",
         {{"goal", ">= 0.75"}, {"errors", saves.errors + ceiling.errors}});
  report("saves_vs_echoes", saves.rate() / echoes.rate(), "ratio",
         {{"errors", echoes.errors}});
}

void compare_with_idle(const options& how, load_generator& durable, int port) {
  series alone{how.connections}, crowded{how.connections};
  for (int turn = 0; turn < how.turns; ++turn) {
    alone.add("without idle connections", durable.run(how.turn));
    auto idle = idle_connections(port, how.idle_connections, idle_request);
    crowded.add("with idle connections", durable.run(how.turn));
  }
  alone.tell("http_saves_without_idle");
  crowded.tell("http_saves_with_idle");
  report("idle_connections_cost", 1 - crowded.rate() / alone.rate(), "fraction",
         {{"idle_connections", how.idle_connections},
          {"goal", "< 0.1"},
          {"errors", alone.errors + crowded.errors}});
}

void measure(const options& how, const std::string& dsn) {
  allow_open_files(how.idle_connections + 4 * how.connections + 1'000);
  auto examinees = seat_examinees(dsn, how.connections);
  auto server_with = [&](backend kind) {
    return [&dsn, kind](const service_process::lifeline& parent) {
      serve(dsn, kind, parent);
    };
  };
  service_process durable{server_with(backend::durable)};
  service_process forgetful{server_with(backend::forgetful)};
  service_process immediate{server_with(backend::immediate)};
  load_generator load{durable.port(), sources_of(examinees)};
  load_generator ceiling{forgetful.port(), sources_of(examinees)};
  load_generator echoes{immediate.port(), sources_of(examinees)};
  compare_with_ceilings(how, load, ceiling, echoes);
  compare_with_idle(how, load, durable.port());
}

} // namespace

bool measure_http(const options& how) {
  progress("answer saves over HTTP");
  test::test_database database;
  return run_apart("http", [&] { measure(how, database.dsn()); });
}

} // namespace zhiku::bench
