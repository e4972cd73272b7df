#include "bench/answer_storm.hpp"

#include <thread>

namespace zhiku::bench {

namespace {

constexpr std::chrono::milliseconds warm_up{500};

} // namespace

answer_storm::answer_storm(actors::gateway& gateway,
                           std::vector<sitting>& sittings)
    : gateway_(gateway), sittings_(sittings) {
  // nop
}

answer_storm::tally answer_storm::run(std::chrono::milliseconds length) {
  using clock = std::chrono::steady_clock;
  going_ = true;
  under_way_ = sittings_.size();
  for (auto& who : sittings_)
    save_next(who);
  std::this_thread::sleep_for(warm_up);
  auto from = clock::now();
  auto saved_before = saved_.load(), refused_before = refused_.load();
  std::this_thread::sleep_for(length);
  std::chrono::duration<double> took = clock::now() - from;
  tally counted{static_cast<double>(saved_ - saved_before) / took.count(),
                refused_ - refused_before};
  going_ = false;
  std::unique_lock lock{mutex_};
  calm_.wait(lock, [this] { return under_way_ == 0; });
  return counted;
}

void answer_storm::save_next(sitting& who) {
  auto answer = who.next_answer();
  gateway_.execute({who.stream(),
                    {"answer",
                     {{"n", answer.n},
                      {"choice", {answer.option}},
                      {"seq", answer.seq},
                      {"writer", who.writer()}}},
                    who.owner(),
                    ""},
                   [this, &who](const actors::outcome& how) {
                     landed(who, how.changed && how.ok());
                   });
}

void answer_storm::landed(sitting& who, bool saved) {
  ++(saved ? saved_ : refused_);
  if (going_)
    return save_next(who);
  std::lock_guard lock{mutex_};
  if (--under_way_ == 0)
    calm_.notify_all();
}

} // namespace zhiku::bench
