#include "bench/forgetful_store.hpp"

namespace zhiku::bench {

namespace {

using namespace persistence;

class forgetful_store final : public store {
public:
  explicit forgetful_store(std::unique_ptr<store> source)
      : source_(std::move(source)) {
    // nop
  }

  std::vector<appended> commit(const std::vector<append>& batch) override {
    std::vector<appended> answers(batch.size());
    for (std::size_t i = 0; i < batch.size(); ++i)
      answers[i] = next_of(batch[i]);
    return answers;
  }

  result<std::vector<loaded>>
  load(const std::vector<std::string>& streams) override {
    return source_->load(streams);
  }

  result<std::optional<kept_outcome>>
  find_outcome(const repeated_command& which) override {
    return source_->find_outcome(which);
  }

  result<bool> holds(const std::string& stream, std::int32_t version,
                     const std::string& chain) override {
    return source_->holds(stream, version, chain);
  }

  result<std::vector<due_effect>> claim(lane which, instant now,
                                        instant lease_end,
                                        std::size_t limit) override {
    return source_->claim(which, now, lease_end, limit);
  }

  result<domain::nothing> settle(const std::vector<settlement>& all) override {
    return source_->settle(all);
  }

  result<std::optional<instant>> next_due(lane which) override {
    return source_->next_due(which);
  }

  result<domain::nothing> quarantine(const std::string& stream,
                                     const std::string& failure,
                                     instant at) override {
    return source_->quarantine(stream, failure, at);
  }

  result<instant> clock() override {
    return source_->clock();
  }

private:
  static appended next_of(const append& what) {
    appended answer;
    answer.version = what.expected_version;
    answer.chain = what.previous_chain;
    for (const auto& ev : what.events)
      answer.chain = next_chain(answer.chain, what.stream, ++answer.version,
                                what.at, what.actor, ev, "");
    return answer;
  }

  std::unique_ptr<store> source_;
};

} // namespace

std::unique_ptr<persistence::store>
make_forgetful_store(std::unique_ptr<persistence::store> source) {
  return std::make_unique<forgetful_store>(std::move(source));
}

} // namespace zhiku::bench
