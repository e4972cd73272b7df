#pragma once
// What becomes of outgoing calls, for metrics.

#include "outgoing/error.hpp"

namespace zhiku::outgoing {

/// Called on any thread, several at a time; must neither block nor throw.
/// Changes may come out of order, so add them up.
class observer {
public:
  virtual ~observer() = default;

  /// Calls accepted and not yet answered.
  virtual void under_way(int change) = 0;

  /// Of these, those on the wire; the others wait for their turn.
  virtual void on_wire(int change) = 0;

  /// A call has no answer; also one that was never accepted.
  virtual void failed(errc why) = 0;
};

} // namespace zhiku::outgoing
