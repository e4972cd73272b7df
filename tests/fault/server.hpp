#pragma once
// `zhiku serve` as a child process, with the settings of development and no
// platform within reach.

#include "tests/fault/process.hpp"

#include <memory>

namespace zhiku::fault {

inline constexpr auto config_file = ZHIKU_SOURCE_DIR "/config/dev.toml";

/// What a program with `config_file` needs besides.
environment server_environment(const std::string& dsn, int port);

class server {
public:
  /// Chooses its port and starts nothing. `name` is that of its log in the
  /// build directory.
  server(const std::string& dsn, const std::string& name);

  /// Returns before it is ready.
  void start();
  void kill_hard();

  /// Waits until `/readyz` says so; false when it does not within a minute.
  bool wait_ready() const;

  bool running();

  int port() const {
    return port_;
  }
  const std::string& log() const {
    return log_;
  }

private:
  const int port_;
  const environment settings_;
  const std::string log_;
  std::unique_ptr<process> process_;
};

} // namespace zhiku::fault
