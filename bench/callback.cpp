// Encrypted pushes of the platform against a trivial GET of the same server:
// texts that are answered alike at any time, questions, which are kept with
// their answer in the database, and taps on menu links, answered `success`.

#include "bench/load_generator.hpp"
#include "bench/measurements.hpp"
#include "bench/process.hpp"
#include "bench/report.hpp"
#include "bench/server_process.hpp"
#include "bench/sittings.hpp"
#include "tests/support/test_database.hpp"
#include "wechat/message_crypto.hpp"
#include "wechat/push.hpp"

namespace zhiku::bench {

namespace {

constexpr const char* trivial_request =
  "GET /healthz HTTP/1.1\r\nHost: bench\r\n\r\n";

/// One follower's pushes, each another one.
class follower {
public:
  enum class act { writes, asks, taps };

  follower(std::size_t place, act does)
      : key_(*wechat::message_key::of(bench_account.encoding_aes_key)),
        crypto_(std::string{bench_account.app_id},
                std::string{bench_account.token}, {key_}),
        does_(does), id_(place * 1'000'000'000) {
    push_.to_user = "gh_bench";
    push_.from_user = "o" + std::to_string(place);
    push_.msg_type = does == act::taps ? "event" : "text";
    push_.event = does == act::taps ? "VIEW" : "";
    push_.event_key = does == act::taps ? "https://zhiku.example/h5/" : "";
    push_.content = does == act::taps   ? ""
                    : does == act::asks ? "进度"
                                        : "帮助";
  }

  std::string next() {
    ++id_;
    push_.create_time =
      std::chrono::floor<std::chrono::seconds>(machine_time());
    if (does_ != act::taps)
      push_.msg_id = std::to_string(id_);
    auto timestamp =
      std::to_string(push_.create_time.time_since_epoch().count());
    auto nonce = std::to_string(id_);
    auto sealed = crypto_.seal(key_, wechat::to_xml(push_), timestamp, nonce);
    auto body =
      wechat::push_envelope({push_.to_user, sealed.encrypted, {}, {}, {}});
    return "POST /wechat/callback?signature=0&timestamp=" + timestamp
           + "&nonce=" + nonce
           + "&encrypt_type=aes&msg_signature=" + sealed.msg_signature
           + " HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\n"
             "Content-Length: "
           + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

private:
  wechat::message_key key_;
  wechat::message_crypto crypto_;
  wechat::push push_;
  act does_;
  std::uint64_t id_;
};

std::vector<load_generator::source>
followers(follower::act does, std::size_t first, std::size_t count) {
  std::vector<load_generator::source> all;
  for (std::size_t i = 0; i < count; ++i)
    all.push_back([who = std::make_shared<follower>(first + i, does)] {
      return who->next();
    });
  return all;
}

void measure(const options& how, const std::string& dsn) {
  service_process server{[&dsn](const service_process::lifeline& parent) {
    serve(dsn, backend::durable, parent);
  }};
  load_generator trivial{server.port(),
                         std::vector<load_generator::source>(
                           how.connections, [] { return trivial_request; })};
  load_generator texts{server.port(),
                       followers(follower::act::writes, 1, how.connections)};
  load_generator questions{
    server.port(), followers(follower::act::asks, 50'001, how.connections)};
  load_generator taps{server.port(),
                      followers(follower::act::taps, 100'001, how.connections)};
  std::vector<double> trivial_rates, text_rates, question_rates, tap_rates;
  std::uint64_t errors = 0;
  for (int turn = 0; turn < how.turns; ++turn)
    for (auto [load, rates] :
         {std::pair{&trivial, &trivial_rates}, std::pair{&texts, &text_rates},
          std::pair{&questions, &question_rates},
          std::pair{&taps, &tap_rates}}) {
      auto seen = load->run(how.turn);
      rates->push_back(seen.per_second);
      errors += seen.errors;
    }
  auto base = median(trivial_rates);
  auto tell = [&](const char* name, const std::vector<double>& rates) {
    report(name, median(rates), "requests/s",
           {{"connections", how.connections}, {"turns", rounded(rates)}});
  };
  tell("trivial_gets", trivial_rates);
  tell("callback_texts", text_rates);
  tell("callback_questions", question_rates);
  tell("callback_taps", tap_rates);
  report("callback_vs_trivial", median(text_rates) / base, "ratio",
         {{"goal", ">= 0.5"}, {"errors", errors}});
  report("callback_questions_vs_trivial", median(question_rates) / base,
         "ratio");
  report("callback_taps_vs_trivial", median(tap_rates) / base, "ratio");
}

} // namespace

bool measure_callback(const options& how) {
  progress("encrypted pushes");
  test::test_database database;
  return run_apart("callback", [&] { measure(how, database.dsn()); });
}

} // namespace zhiku::bench
