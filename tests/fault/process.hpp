#pragma once
// Child processes that the fault tests start and kill. None outlives the test
// program, not even when that is killed itself.

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace zhiku::fault {

using std::chrono::milliseconds;
using environment = std::map<std::string, std::string>;

/// Asks `done` every few milliseconds until it says yes. False: it did not
/// within `limit`.
bool wait_until(const std::function<bool()>& done, milliseconds limit);

class process {
public:
  /// Starts `argv` with `extra` over this process's environment; its output is
  /// appended to the file `log`.
  /// @throws std::runtime_error when it cannot be started
  process(std::vector<std::string> argv, const environment& extra,
          const std::string& log);

  /// Kills it.
  ~process();

  process(const process&) = delete;
  process& operator=(const process&) = delete;

  bool running();

  /// SIGKILL, and waits until it is gone.
  void kill_hard();

  /// Waits for its end and gives the exit code; -1 when a signal ended it.
  int wait();

private:
  void reap(int options);

  pid_t pid_ = -1; ///< -1: gone
  int code_ = -1;
};

/// A port of 127.0.0.1 that nobody listens on, outside the range from which
/// the kernel serves clients: a client that knocks while nobody listens would
/// otherwise sometimes meet itself.
int free_port();

} // namespace zhiku::fault
