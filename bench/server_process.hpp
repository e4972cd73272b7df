#pragma once
// The server under test, in a process of its own: the whole front door, over
// either the runtime and the database or a gateway that replies at once.

#include "bench/process.hpp"

#include <string>

namespace zhiku::bench {

enum class backend {
  durable,  ///< actors, journal, PostgreSQL
  immediate ///< every order is answered at once by the thread that brings it
};

/// Serves until the parent lets go. Logs as in production, to nowhere.
void serve(const std::string& dsn, backend how,
           const service_process::lifeline& parent);

} // namespace zhiku::bench
