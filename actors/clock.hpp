#pragma once
// The one clock. Deciders never read it; entities take the instant from here.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <atomic>
#include <functional>

namespace zhiku::actors {

/// Thread-safe.
class clock {
public:
  virtual ~clock() = default;
  virtual domain::instant now() const = 0;
};

/// The database's time: this machine's, shifted by the offset last measured
/// (edge 33), and never going backwards.
class database_clock final : public clock {
public:
  domain::instant now() const override;

  /// Measures the offset with `ask`, which reads the database's clock; half
  /// the round trip counts as transport. Keeps the former one when it fails.
  void measure(const std::function<domain::result<domain::instant>()>& ask);

  /// Database time minus machine time, as last measured.
  domain::microseconds offset() const;

private:
  std::atomic<std::int64_t> offset_{0};
  mutable std::atomic<std::int64_t> latest_{0};
};

/// For tests and the simulation: stands still until it is moved.
class manual_clock final : public clock {
public:
  explicit manual_clock(domain::instant start) : now_(start) {
    // nop
  }
  domain::instant now() const override {
    return now_;
  }
  void advance(domain::microseconds by) {
    now_ += by;
  }

private:
  domain::instant now_;
};

} // namespace zhiku::actors
