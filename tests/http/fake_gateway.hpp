#pragma once
// A gateway without actors: answers orders from a script, runs blocking work at
// once on the caller's thread, and keeps a clock that tests turn by hand.

#include "actors/gateway.hpp"

#include <map>
#include <utility>
#include <vector>

namespace zhiku::http::test {

class fake_gateway : public actors::gateway {
public:
  /// How orders of a command type are answered; `{}` for those without one.
  std::map<std::string, std::function<actors::outcome(const actors::order&)>>
    script;
  std::vector<actors::order> orders; ///< all that were sent
  domain::instant clock = *domain::instant_of("2026-11-23T08:00:00Z");
  bool full = false; ///< refuses blocking work
  bool slow = false; ///< keeps blocking work until `catch_up`

  /// When set, takes the answer of the next orders to give it later.
  std::function<void(answer)> keep;

  void execute(actors::order what, answer done) override {
    orders.push_back(what);
    if (keep)
      return keep(std::move(done));
    auto known = script.find(what.what.type);
    done(known == script.end() ? actors::outcome{} : known->second(what));
  }

  void offload(std::function<void()> work,
               std::function<void()> refused) override {
    if (full)
      refused();
    else if (slow)
      kept_.push_back(std::move(work));
    else
      work();
  }

  /// Does the work that was kept, and what that asks for.
  void catch_up() {
    slow = false;
    for (auto& work : std::exchange(kept_, {}))
      work();
  }

  domain::instant now() const override {
    return clock;
  }

  static actors::outcome replies(domain::json reply) {
    actors::outcome came;
    came.reply = std::move(reply);
    return came;
  }

  static actors::outcome refuses(domain::errc code) {
    actors::outcome came;
    came.code = code;
    came.why.code = code;
    return came;
  }

private:
  std::vector<std::function<void()>> kept_;
};

} // namespace zhiku::http::test
