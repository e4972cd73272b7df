#pragma once
// The outgoing client's figures for /metrics. Thread-safe. No CAF.

#include "outgoing/observer.hpp"

#include <memory>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Registry;
} // namespace prometheus

namespace zhiku::actors {

class outgoing_metrics : public outgoing::observer {
public:
  explicit outgoing_metrics(std::shared_ptr<prometheus::Registry> registry);

  void under_way(int change) override;
  void on_wire(int change) override;
  void failed(outgoing::errc why) override;

private:
  std::shared_ptr<prometheus::Registry> registry_;
  prometheus::Gauge& under_way_;
  prometheus::Gauge& on_wire_;
  std::vector<prometheus::Counter*> failures_; ///< by errc
};

} // namespace zhiku::actors
