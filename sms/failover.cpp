#include "sms/failover.hpp"

#include <utility>

namespace zhiku::sms {

namespace {

bool lets_another_try(verdict what) {
  return what == verdict::other_carrier || what == verdict::retry;
}

class failover : public carrier {
public:
  explicit failover(std::vector<std::unique_ptr<carrier>> in_order)
      : carriers_(std::move(in_order)) {
    // nop
  }

  result send(const message& what) override {
    result kept;
    for (std::size_t i = 0; i < carriers_.size(); ++i) {
      auto answer = carriers_[i]->send(what);
      if (!lets_another_try(answer.what))
        return answer;
      // Of several refusals the first that may pass is the one to tell.
      if (i == 0 || kept.what != verdict::retry)
        kept = std::move(answer);
    }
    return kept;
  }

  status status_of(const inquiry& about) override {
    status kept;
    for (auto& each : carriers_) {
      auto told = each->status_of(about);
      if (told.what != fate::unknown && told.what != fate::unanswered)
        return told;
      if (told.what == fate::unanswered)
        kept = std::move(told);
    }
    return kept;
  }

private:
  std::vector<std::unique_ptr<carrier>> carriers_;
};

} // namespace

std::unique_ptr<carrier>
make_failover(std::vector<std::unique_ptr<carrier>> in_order) {
  return std::make_unique<failover>(std::move(in_order));
}

} // namespace zhiku::sms
