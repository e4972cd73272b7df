#pragma once
// The server under test, in a process of its own: the whole front door, over
// either the runtime or a gateway that replies at once.

#include "bench/process.hpp"

#include <string>
#include <string_view>

namespace zhiku::bench {

/// The account whose pushes the server takes, encrypted.
struct account_keys {
  std::string_view app_id, token, encoding_aes_key;
};
inline constexpr account_keys bench_account{
  "appid", "token", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"};

enum class backend {
  durable,   ///< actors, journal, PostgreSQL
  forgetful, ///< the same, but what is decided is not written
  immediate  ///< every order is answered at once by the thread that brings it
};

/// Serves until the parent lets go. Logs as in production, to nowhere.
void serve(const std::string& dsn, backend how,
           const service_process::lifeline& parent);

} // namespace zhiku::bench
