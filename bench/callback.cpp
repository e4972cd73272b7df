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

#include <deque>

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

  /// Encrypts pushes ahead, so that it takes no part of a turn.
  void prepare(std::size_t count) {
    while (ready_.size() < count)
      ready_.push_back(make());
  }

  std::string next() {
    if (ready_.empty())
      return make();
    auto made = std::move(ready_.front());
    ready_.pop_front();
    return made;
  }

private:
  std::string make() {
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

  std::deque<std::string> ready_;
  wechat::message_key key_;
  wechat::message_crypto crypto_;
  wechat::push push_;
  act does_;
  std::uint64_t id_;
};

/// One kind of request, asked by many connections, in turns.
class load {
public:
  load(int port, std::size_t connections, const load_generator::source& ask)
      : connections_(connections),
        generator_(port,
                   std::vector<load_generator::source>(connections, ask)) {
    // nop
  }

  load(int port, std::size_t connections, follower::act does, std::size_t first)
      : connections_(connections), crowd_(followers(does, first, connections)),
        generator_(port, sources()) {
    // nop
  }

  void run(std::chrono::seconds length) {
    auto most = fastest * static_cast<std::size_t>(length.count() + 1);
    for (auto& who : crowd_)
      who->prepare(most / crowd_.size());
    auto seen = generator_.run(length);
    rates_.push_back(seen.per_second);
    errors_ += seen.errors;
  }

  double rate() const {
    return median(rates_);
  }

  std::uint64_t errors() const {
    return errors_;
  }

  void tell(const char* name) const {
    report(name, rate(), "requests/s",
           {{"connections", connections_},
            {"errors", errors_},
            {"turns", rounded(rates_)}});
  }

private:
  using crowd = std::vector<std::shared_ptr<follower>>;

  static constexpr std::size_t fastest = 40'000; // pushes a second

  static crowd followers(follower::act does, std::size_t first,
                         std::size_t count) {
    crowd all;
    for (std::size_t i = 0; i < count; ++i)
      all.push_back(std::make_shared<follower>(first + i, does));
    return all;
  }

  std::vector<load_generator::source> sources() const {
    std::vector<load_generator::source> all;
    for (const auto& who : crowd_)
      all.push_back([who] { return who->next(); });
    return all;
  }

  std::size_t connections_;
  crowd crowd_;
  load_generator generator_;
  std::vector<double> rates_;
  std::uint64_t errors_ = 0;
};

void measure(const options& how, const std::string& dsn) {
  service_process server{[&dsn](const service_process::lifeline& parent) {
    serve(dsn, backend::durable, parent);
  }};
  auto port = server.port();
  load trivial{port, how.connections, [] { return trivial_request; }};
  load texts{port, how.connections, follower::act::writes, 1};
  load questions{port, how.connections, follower::act::asks, 50'001};
  load taps{port, how.connections, follower::act::taps, 100'001};
  for (int turn = 0; turn < how.turns; ++turn)
    for (auto* one : {&trivial, &texts, &questions, &taps})
      one->run(how.turn);
  trivial.tell("trivial_gets");
  texts.tell("callback_texts");
  questions.tell("callback_questions");
  taps.tell("callback_taps");
  report("callback_vs_trivial", texts.rate() / trivial.rate(), "ratio",
         {{"goal", ">= 0.5"}, {"errors", texts.errors() + trivial.errors()}});
  report("callback_questions_vs_trivial", questions.rate() / trivial.rate(),
         "ratio");
  report("callback_taps_vs_trivial", taps.rate() / trivial.rate(), "ratio");
}

} // namespace

bool measure_callback(const options& how) {
  progress("encrypted pushes");
  test::test_database database;
  return run_apart("callback", [&] { measure(how, database.dsn()); });
}

} // namespace zhiku::bench
